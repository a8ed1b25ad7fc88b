/**
 * A file of benchmarks written with tinybench, by anybody. It brings its own copy of tinybench, so what it exports is
 * known by its shape only.
 */
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../../errors.ts';

/** What is used of a tinybench `Task`. */
interface TaskLike {
  readonly name: string;
  readonly result: { readonly latency?: { readonly p50: number }; readonly error?: unknown } | undefined;
  reset(): void;
  run(): Promise<unknown>;
}

/** What is used of a tinybench `Bench`. */
export interface BenchLike {
  readonly tasks: readonly TaskLike[];
  time: number;
  iterations: number;
  throws: boolean;
}

/** Time of one call by benchmark, in nanoseconds: the median; a sentence where it cannot be run. */
export type MicroTimes = Readonly<Record<string, number | string>>;

/**
 * Loads the benchmarks of a file.
 *
 * @throws UsageError where the file cannot be loaded, or does not export benchmarks
 */
export async function loadBench(path: string): Promise<BenchLike> {
  let made: unknown;
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    made = typeof module.default === 'function' ? await module.default() : module.default;
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  if (isBench(made)) return made;
  throw new UsageError(
    `${path} does not export benchmarks: its default export must be a Bench of tinybench with its tasks added, or a function that returns one:

  import { Bench } from 'tinybench';
  const bench = new Bench();
  bench.add('name', () => whatIsMeasured());
  export default bench;`,
  );
}

function isBench(value: unknown): value is BenchLike {
  const bench = value as Partial<BenchLike> | null | undefined;
  return (
    typeof bench === 'object' &&
    bench !== null &&
    typeof bench.time === 'number' &&
    Array.isArray(bench.tasks) &&
    bench.tasks.length > 0 &&
    bench.tasks.every((task: Partial<TaskLike> | null) => typeof task?.run === 'function')
  );
}

/**
 * Runs benchmarks once, one after another.
 *
 * @param ms how long each is repeated; at least once
 * @param only names of those that are run; all where undefined
 */
export async function runRound(bench: BenchLike, ms: number, only?: readonly string[]): Promise<MicroTimes> {
  Object.assign(bench, { time: ms, iterations: 1, throws: false });
  const times: Record<string, number | string> = {};
  for (const task of bench.tasks) {
    if (only && !only.includes(task.name)) continue;
    task.reset();
    await task.run();
    times[task.name] = timeOf(task);
  }
  return times;
}

/** The median: a call that was interrupted by another process does not count. */
function timeOf({ result }: TaskLike): number | string {
  if (result?.latency) return result.latency.p50 * 1e6;
  return result?.error === undefined ? 'it did not come to its end' : messageOf(result.error);
}
