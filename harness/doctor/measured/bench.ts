/** What the doctor's measurements share: the load backend that runs use too, a guard over the servers, a way to stop. */
import type { LoadBackend } from '../../load/backend.ts';
import { processesBackend } from '../../load/generator/processes.ts';
import type { LoadResult } from '../../results/trial-result.ts';
import { Guard } from '../../rig/guard.ts';

export interface Bench extends AsyncDisposable {
  readonly backend: LoadBackend;
  readonly guard: Guard;
  /** Marks the servers. */
  readonly mark: string;
  /** Stops the measurements. */
  readonly signal: AbortSignal;
}

/** Makes everything ready to measure; dispose of it when done. */
export function openBench(signal: AbortSignal): Bench {
  const mark = `${process.pid}-doctor`;
  const backend = processesBackend();
  const guard = new Guard(mark);
  return {
    backend,
    guard,
    mark,
    signal,
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await guard[Symbol.asyncDispose]();
    },
  };
}

/** One load of the doctor, over loopback. */
export interface BenchLoad {
  readonly scenarioModule: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  readonly clients: number;
  /** What passes before anything is recorded, in ms. */
  readonly warmupMs: number;
}

const DEADLINE_MS = 15_000;

/** Prepares a load; what it returns starts it. @throws the signal's reason when aborted */
export async function runLoad(
  { backend, signal }: Bench,
  load: BenchLoad,
  onStart?: () => void,
): Promise<LoadResult> {
  await using fleet = await backend.acquire(
    { ...load, hosts: [load.host ?? '127.0.0.1'], seed: 1, deadlineMs: DEADLINE_MS, folder: '/nowhere' },
    signal,
  );
  await fleet.prepare();
  const running = fleet.run(signal);
  onStart?.();
  const result = await running;
  signal.throwIfAborted();
  return result;
}

/** Parameters of plain echo exchanges of 64 bytes for so long. */
export function echoFor(
  durationMs: number,
  ratePerSecond = 0,
): Pick<BenchLoad, 'scenarioModule' | 'parameters'> {
  return {
    scenarioModule: 'builtin:echo',
    parameters: {
      duration: durationMs,
      size: 64,
      think: '0',
      rate: ratePerSecond,
      arrivals: 'constant',
      raw: true,
    },
  };
}
