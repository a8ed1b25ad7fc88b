import type { Rate } from '../../../results/schema/comparison.ts';
import type { Interval } from '../../../results/schema/leaves.ts';
import { binomialAtLeast, binomialAtMost } from '../tests/binomial.ts';
import { ascending } from './quantile.ts';

/** Default level of intervals. */
export const USUAL_LEVEL = 0.95;

/**
 * Exact distribution-free interval for the median: the k-th smallest to the k-th largest sample, for the largest k
 * that reaches the nominal level.
 *
 * A sample lies below the median with probability ½, so the number below is binomial and the interval misses with
 * probability 2·P(Bin(n, ½) ≤ k − 1): W. R. Thompson, "On Confidence Ranges for the Median", Annals of Mathematical
 * Statistics 7 (1936); Hahn & Meeker, "Statistical Intervals" (1991), section 5.2. Only some levels exist (n = 6:
 * 96.9 %, n = 7: 98.4 %); `level` is the one reached, a lower bound if samples can be equal.
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

/**
 * Interval for the probability behind `count` of `of` tries: C. J. Clopper & E. S. Pearson, "The Use of Confidence
 * or Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26 (1934). It covers every probability
 * with at least the nominal level: 0 of 20 is "at most 16.8 %", where p ± 1.96·√(p(1 − p)/n) has no width.
 *
 * @throws RangeError unless 0 ≤ count ≤ of are integers and of ≥ 1
 */
export function clopperPearson(count: number, of: number, nominal = USUAL_LEVEL): Rate {
  if (!Number.isInteger(count) || !Number.isInteger(of) || of < 1 || count < 0 || count > of) {
    throw new RangeError(
      `a rate needs a count from 0 to a number of tries of 1 or more, not ${count} of ${of}`,
    );
  }
  const miss = (1 - nominal) / 2;
  const low = count === 0 ? 0 : solve((p) => binomialAtLeast(count, of, p) >= miss);
  const high = count === of ? 1 : solve((p) => binomialAtMost(count, of, p) <= miss);
  return { count, of, rate: count / of, interval: { low, high, level: nominal } };
}

/** The smallest p for which the condition, false below it and true above, holds. */
function solve(holds: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}
