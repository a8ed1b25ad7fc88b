/** By how much a second set of samples differs from a first. */
import type { EffectSize } from '../../results/schema/comparison.ts';
import { mannWhitney } from '../statistics/tests/mann-whitney.ts';

/** An effect with the p of the hypothesis that there is none. */
export interface TestedEffect {
  readonly size: EffectSize;
  readonly p: number;
}

/**
 * Rank-sum test and Hodges–Lehmann shift of unpaired samples (statistics/mann-whitney.ts). Where all samples are above
 * zero the shift is taken between logarithms, so that it is a ratio: costs and times spread in proportion to their size.
 *
 * @throws RangeError when a set is empty or a sample is not finite
 */
export function unpairedEffect(base: readonly number[], head: readonly number[]): TestedEffect {
  const positive = [...base, ...head].every((value) => value > 0);
  if (!positive) {
    const { estimate, interval, p } = mannWhitney(base, head);
    return { size: { scale: 'difference', value: estimate, interval }, p };
  }
  const { estimate, interval, p } = mannWhitney(base.map(Math.log), head.map(Math.log));
  return {
    size: {
      scale: 'ratio',
      value: Math.exp(estimate),
      interval: interval && {
        low: Math.exp(interval.low),
        high: Math.exp(interval.high),
        level: interval.level,
      },
    },
    p,
  };
}

/**
 * The smallest two-sided p that the rank-sum test can give for m against n samples, 2/C(m + n, m): how often two sets
 * from one distribution lie wholly apart.
 */
export function smallestP(m: number, n: number): number {
  let ways = 1;
  for (let i = 1; i <= m; i++) ways = (ways * (n + i)) / i;
  return Math.min(1, 2 / ways);
}
