/** Runs the micro-benchmarks, as often as asked, each time a little. */
import { Bench } from 'tinybench';
import { messageOf } from '../../errors.ts';
import { BATCH, loaderOf, MICRO_BENCHMARKS } from './benchmarks.ts';

/** Time of one operation by benchmark, in nanoseconds; a sentence where the benchmark cannot be run. */
export type MicroTimes = Readonly<Record<string, number | string>>;

/** One round over all benchmarks. @param perBenchmarkMs how long each is repeated */
export type MicroRound = (perBenchmarkMs: number) => Promise<MicroTimes>;

/** Loads what is measured from the checkout in `root`. */
export async function prepareRounds(root: string): Promise<MicroRound> {
  const load = loaderOf(root);
  const broken: Record<string, string> = {};
  const ready: { readonly id: string; readonly batch: () => void }[] = [];
  for (const { id, prepare } of MICRO_BENCHMARKS) {
    try {
      const batch = await prepare(load);
      batch();
      ready.push({ id, batch });
    } catch (error) {
      broken[id] = messageOf(error);
    }
  }
  return async (perBenchmarkMs) => {
    const bench = new Bench({ time: perBenchmarkMs, iterations: 1, warmup: false });
    for (const { id, batch } of ready) bench.add(id, batch);
    await bench.run();
    const times: Record<string, number | string> = { ...broken };
    for (const { name, result } of bench.tasks) {
      // The median: a call that was interrupted by another process does not count.
      if (result.state === 'completed') times[name] = (result.latency.p50 * 1e6) / BATCH;
      else times[name] = result.state === 'errored' ? messageOf(result.error) : `it ended as ${result.state}`;
    }
    return times;
  };
}
