import { binomialAtMost } from '../tests/binomial.ts';
import { USUAL_LEVEL } from './interval.ts';
import type { Interval } from '../../../results/schema/leaves.ts';
import { ascending } from './quantile.ts';

/**
 * Exact interval for the median of whatever distribution the samples came from: the k-th smallest to the k-th
 * largest sample, for the largest k that still reaches the nominal level.
 *
 * A sample lies below the median with probability ½, so the count below is binomial and the interval misses with
 * probability 2·P(Bin(n, ½) ≤ k − 1), whatever the distribution: W. R. Thompson, "On Confidence Ranges for the
 * Median", Annals of Mathematical Statistics 7 (1936); Hahn & Meeker, "Statistical Intervals" (1991), section 5.2.
 * Only some levels exist (n = 6: 96.9 %, n = 7: 98.4 %); the returned `level` is the one reached. With samples that
 * can be equal it is a lower bound.
 *
 * @returns null when even minimum to maximum does not reach the nominal level: below 6 samples for 95 %
 * @throws RangeError for samples that are not finite
 */
export function medianInterval(samples: readonly number[], nominal = USUAL_LEVEL): Interval | null {
  const sorted = ascending(samples);
  const n = sorted.length;
  const levelOf = (k: number) => 1 - 2 * binomialAtMost(k - 1, n, 0.5);
  if (n === 0 || levelOf(1) < nominal) return null;
  let k = 1;
  while (2 * (k + 1) <= n && levelOf(k + 1) >= nominal) k++;
  return { low: sorted[k - 1]!, high: sorted[n - k]!, level: levelOf(k) };
}
