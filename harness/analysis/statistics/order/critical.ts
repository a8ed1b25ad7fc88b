/** From which difference on two medians of a sweep are told apart. */
import { binomialAtLeast } from '../tests/binomial.ts';
import { studentUpperPoint } from '../tests/student.ts';
import type { Noise } from './noise.ts';

/** Difference of logarithms from which on two servers differ, for certain trials and scales of either. */
export interface CriticalDifference {
  /** Of two medians. */
  readonly ofPair: (a: Judged, b: Judged) => number;
  /** Of the means of their medians over several levels; one pair a level. */
  readonly ofMeans: (pairs: readonly (readonly [OfSeveral, OfSeveral])[]) => number;
}

/** What decides how sure a median is. */
export interface Judged {
  /** Trials. */
  readonly n: number;
  /** Standard deviation of one trial. */
  readonly scale: number;
}

/**
 * No smaller difference is ever claimed: a figure that comes in steps may scatter by nothing at all, and still be off by
 * a step.
 */
const LEAST = Math.log(1.01);

/** A cell among those of its server at several levels. */
export interface OfSeveral extends Judged {
  /** See `CentredCell`. */
  readonly together: number;
}

/** @param tail probability with which one comparison may be wrong, both sides together */
export function criticalDifference(
  { degrees, deviations }: Pick<Noise, 'degrees' | 'deviations'>,
  tail: number,
): CriticalDifference {
  const student = studentUpperPoint(tail / 2, degrees);
  const seen = new Map<string, number>();
  const observed = (m: number, n: number): number => {
    const key = `${Math.min(m, n)} ${Math.max(m, n)}`;
    const known = seen.get(key) ?? observedCritical(deviations, m, n, tail);
    seen.set(key, known);
    return known;
  };
  const only = ({ n, scale }: Judged): number => varianceOfMedian(n) * scale ** 2;
  const own = (a: Judged, b: Judged): number =>
    observed(a.n, b.n) * Math.sqrt((a.scale ** 2 + b.scale ** 2) / 2);
  return {
    ofPair: (a, b) => Math.max(LEAST, student * Math.sqrt(only(a) + only(b)), own(a, b)),
    ofMeans: (pairs) => {
      const levels = pairs.length;
      const squares = pairs.reduce((sum, [a, b]) => sum + a.together * only(a) + b.together * only(b), 0);
      // A single wild median moves the mean by its share.
      const wildest = Math.max(0, ...pairs.map(([a, b]) => own(a, b)));
      return Math.max(LEAST, (student * Math.sqrt(squares)) / levels, wildest / levels);
    },
  };
}

/**
 * Variance of the median of n normal samples, in units of the variance of one: π/(2n) for many; with n + π/2 − 1 in
 * place of n it is 1 for one sample and within 2 % of the exact figure for odd numbers (exact: 0.449 for 3, 0.287 for 5),
 * and at most 16 % above it for even ones from 4 on.
 */
function varianceOfMedian(n: number): number {
  return Math.PI / (2 * n + Math.PI - 2);
}

/**
 * The smallest difference that two medians of m and n draws from the deviations reach with at most this probability. The
 * distribution of such a median is exact: the i-th of k values is not below it with the probability that more than half
 * of the draws are among the first i. An even number is taken as one less, which errs to the safe side.
 */
function observedCritical(deviations: Float64Array, m: number, n: number, tail: number): number {
  if (deviations.length === 0) return 0;
  const first = medianMass(deviations.length, m);
  const second = m === n ? first : medianMass(deviations.length, n);
  let low = 0;
  let high = deviations.at(-1)! - deviations[0]!;
  // To a thousandth, which no digit that is shown would tell, on the safe side.
  for (let step = 0; step < 40 && high - low > 1e-3 * high; step++) {
    const middle = (low + high) / 2;
    if (exceedance(deviations, first, second, middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of each of k equally likely values, ascending, to be the median of n draws. */
function medianMass(k: number, n: number): Float64Array {
  const odd = n % 2 === 0 ? n - 1 : n;
  const mass = new Float64Array(k);
  let before = 0;
  for (let i = 0; i < k; i++) {
    const until = binomialAtLeast((odd + 1) / 2, odd, (i + 1) / k);
    mass[i] = until - before;
    before = until;
  }
  return mass;
}

/** P(|A − B| ≥ difference) for values drawn by these probabilities. */
function exceedance(values: Float64Array, a: Float64Array, b: Float64Array, difference: number): number {
  const one = upper(values, a, b, difference);
  return one + (a === b ? one : upper(values, b, a, difference));
}

/** P(A − B ≥ difference). */
function upper(values: Float64Array, a: Float64Array, b: Float64Array, difference: number): number {
  let sum = 0;
  let below = 0;
  let j = 0;
  for (let i = 0; i < values.length; i++) {
    for (; j < values.length && values[i]! - values[j]! >= difference; j++) below += b[j]!;
    sum += a[i]! * below;
  }
  return sum;
}
