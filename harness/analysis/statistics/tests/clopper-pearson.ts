import type { Rate } from '../../../results/schema/comparison.ts';
import { USUAL_LEVEL } from '../estimators/interval.ts';
import { binomialAtLeast, binomialAtMost } from './binomial.ts';

/**
 * Interval for the probability behind `count` of `of` tries: C. J. Clopper & E. S. Pearson, "The Use of Confidence or
 * Fiducial Limits Illustrated in the Case of the Binomial", Biometrika 26 (1934). It covers with at least the nominal
 * level for every probability: 0 of 20 false alarms is "at most 16.8 %", not "none", where p ± 1.96·√(p(1 − p)/n)
 * gives an interval without width.
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
