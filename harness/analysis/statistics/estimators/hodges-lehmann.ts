import { USUAL_LEVEL } from './interval.ts';
import type { Interval } from '../../../results/schema/leaves.ts';
import { ascending, quantileOfSorted } from './quantile.ts';
import { untiedSignedRank } from '../tests/signed-rank.ts';

/** The n(n + 1)/2 means of all pairs of samples, each also paired with itself; smallest first. */
export interface WalshAverages {
  readonly n: number;
  readonly sorted: Float64Array;
}

/** @throws RangeError without samples, or for samples that are not finite */
export function walshAverages(samples: readonly number[]): WalshAverages {
  if (samples.length === 0) throw new RangeError('Walsh averages need at least one sample');
  const averages = samples.flatMap((value, i) => samples.slice(i).map((other) => (value + other) / 2));
  return { n: samples.length, sorted: ascending(averages) };
}

/** A location with its interval; null where the samples are too few for the level. */
export interface Location {
  readonly estimate: number;
  readonly interval: Interval | null;
}

/**
 * The centre of symmetry: the median of the Walsh averages, with the exact interval that inverts the signed-rank
 * test. J. L. Hodges & E. L. Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical
 * Statistics 34 (1963); Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods" (3rd edition, 2014),
 * 3.2–3.3.
 *
 * 95.5 % as efficient as the mean on normal samples, and robust to one wild launch in four. 95 % needs 6 samples.
 */
export function hodgesLehmann(samples: readonly number[], nominal = USUAL_LEVEL): Location {
  const walsh = walshAverages(samples);
  const bounds = oneSidedBounds(walsh, (1 + nominal) / 2);
  return {
    estimate: walshMedian(walsh),
    interval: bounds && { ...bounds, level: 2 * bounds.level - 1 },
  };
}

/** The Hodges–Lehmann estimate itself. */
export function walshMedian(walsh: WalshAverages): number {
  return quantileOfSorted(walsh.sorted, 0.5);
}

/**
 * Lower and upper bound of the centre, each at least at the nominal one-sided level; `level` is the exact one, a
 * lower bound with ties. They are the k-th smallest and largest Walsh average, for the largest k with P(T⁺ ≤ k − 1)
 * ≤ 1 − nominal.
 *
 * @returns null when not even the outermost averages reach the level: 2⁻ⁿ > 1 − nominal
 */
export function oneSidedBounds(walsh: WalshAverages, nominal: number): Interval | null {
  const distribution = untiedSignedRank(walsh.n);
  let miss = 0;
  let k = 0;
  // Only even sums occur without ties: the table counts in half ranks.
  while (2 * k < distribution.length && miss + distribution[2 * k]! <= 1 - nominal)
    miss += distribution[2 * k++]!;
  if (k === 0) return null;
  const { sorted } = walsh;
  return { low: sorted[k - 1]!, high: sorted[sorted.length - k]!, level: 1 - miss };
}
