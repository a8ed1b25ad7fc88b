import { normalUpperTail } from '../tests/normal.ts';
import { median } from './quantile.ts';
import { rankSumDistribution } from '../tests/ranks.ts';

/** A steady change of samples over the order in which they were taken. */
export interface Drift {
  /** Theil–Sen slope: the median of the slopes between all pairs, in units of the samples per trial. */
  readonly slopePerTrial: number;
  /** Two-sided p of the Mann–Kendall test; the null hypothesis is a random order. */
  readonly p: number;
  readonly drifting: boolean;
}

/** A run has hundreds of cells: 5 % would call one in twenty drifting by chance. */
export const DRIFT_ALPHA = 0.01;

const EXACT_UP_TO = 60;

/**
 * Mann–Kendall test and Theil–Sen slope: H. B. Mann, "Nonparametric Tests Against Trend", Econometrica 13 (1945);
 * M. G. Kendall, "Rank Correlation Methods" (1948); P. K. Sen, "Estimates of the Regression Coefficient Based on
 * Kendall's Tau", JASA 63 (1968). Any monotone movement counts; one wild trial makes no trend.
 *
 * The p is exact, ties included, up to 60 samples, then normal with tie correction. The smallest p is 2/n!: 1.7 %
 * for 5 samples, so 1 % needs 6.
 *
 * @param values in the order of measurement
 * @returns null for fewer than two samples
 * @throws RangeError for samples that are not finite
 */
export function drift(values: readonly number[], alpha = DRIFT_ALPHA): Drift | null {
  const n = values.length;
  if (n < 2) return null;
  const slopes: number[] = [];
  let falling = 0;
  let comparable = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const step = values[j]! - values[i]!;
      slopes.push(step / (j - i));
      if (step !== 0) comparable++;
      if (step < 0) falling++;
    }
  }
  const ties = [...Map.groupBy(values, (value) => value).values()].map((equal) => equal.length);
  const p = n <= EXACT_UP_TO ? exactP(ties, falling, comparable) : normalP(ties, falling, comparable);
  return { slopePerTrial: median(slopes), p, drifting: p <= alpha };
}

/**
 * The number of falling pairs in a random order is distributed as the inversions of a multiset: each group of ties,
 * placed at random among those before it, adds an independent rank-sum count.
 */
function exactP(ties: readonly number[], falling: number, comparable: number): number {
  let inversions = Float64Array.of(1);
  let placed = 0;
  for (const count of ties) {
    const ranks = Array.from({ length: placed + count }, (_, i) => i + 1);
    const added = rankSumDistribution(ranks, count).subarray((count * (count + 1)) / 2);
    inversions = convolve(inversions, added);
    placed += count;
  }
  const extreme = Math.min(falling, comparable - falling);
  const tail = inversions.subarray(0, extreme + 1).reduce((sum, probability) => sum + probability, 0);
  return Math.min(1, 2 * tail);
}

function convolve(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) sum[i + j]! += a[i]! * b[j]!;
  return sum;
}

function normalP(ties: readonly number[], falling: number, comparable: number): number {
  const terms = (k: number) => k * (k - 1) * (2 * k + 5);
  const n = ties.reduce((sum, count) => sum + count, 0);
  const variance = (terms(n) - ties.reduce((sum, count) => sum + terms(count), 0)) / 18;
  if (variance === 0) return 1;
  const s = Math.max(0, Math.abs(comparable - 2 * falling) - 1);
  return Math.min(1, 2 * normalUpperTail(s / Math.sqrt(variance)));
}
