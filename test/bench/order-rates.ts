/**
 * How often runs drawn from the recorded sweep of equal servers (`equal-servers.ts`) hold a false order, and how often they
 * find a name that was made slower: `node test/bench/order-rates.ts [runs]` (500 unless told). docs/method/statistics.md
 * quotes it.
 */
import { readFileSync } from 'node:fs';
import type { SweepCell } from '../../harness/analysis/statistics/order/noise.ts';
import { resampleOrder } from '../../harness/lab/order/resampled.ts';

const runs = Number(process.argv[2] ?? 500);
const recorded = JSON.parse(
  readFileSync(new URL('../lab/equal-servers.json', import.meta.url), 'utf8'),
) as readonly (readonly SweepCell[])[];

for (const trials of [3, 5]) {
  const { count, interval } = resampleOrder(recorded, { trials, slower: 0 }, runs).wrong;
  const [low, high] = [interval.low, interval.high].map((share) => `${(100 * share).toFixed(1)} %`);
  console.log(`${trials} trials: a false order in ${count} of ${runs} runs (${low} to ${high})`);
  for (const slower of [0.1, 0.2]) {
    const { found } = resampleOrder(recorded, { trials, slower }, runs);
    console.log(
      `${trials} trials: a name made ${100 * slower} % slower is told in ${found?.count} of ${runs}`,
    );
  }
}
