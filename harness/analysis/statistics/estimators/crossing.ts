import { overlap } from './interval.ts';
import type { Interval } from '../../../results/schema/leaves.ts';

/** One point of a curve over numbers of clients. */
export interface CurvePoint {
  readonly clients: number;
  readonly estimate: number;
  /** null where the samples were too few for one: nothing can be told there. */
  readonly interval: Interval | null;
}

/** Where the better curve changes. */
export interface Crossing {
  /** Last level at which the one, and first at which the other curve is better for certain. */
  readonly after: number;
  readonly before: number;
  readonly becomes: 'first' | 'second';
  /** Number of clients at which straight lines between the estimates (on log axes) meet; null if they do not. */
  readonly clients: number | null;
}

/**
 * Where the better of two curves changes, at the levels they share. One is called better only where its interval lies
 * wholly on the better side of the other's. Two 95 % intervals of equal width that just touch are a difference with p of
 * about 0.006, not 0.05 (N. Schenker & J. F. Gentleman, "On Judging the Significance of Differences by Examining the
 * Overlap Between Confidence Intervals", The American Statistician 55, 2001): strict on purpose, because a sweep asks
 * the question at every level.
 *
 * @param smallerIsBetter true for elapsed time, latency and cost, false for throughput
 */
export function crossingsOf(
  first: readonly CurvePoint[],
  second: readonly CurvePoint[],
  smallerIsBetter: boolean,
): Crossing[] {
  const levels = pairUp(first, second).map((pair) => ({ ...pair, better: betterAt(pair, smallerIsBetter) }));
  const told = levels.filter(({ better }) => better !== null);
  return told.flatMap(({ clients, better }, i) => {
    const previous = told[i - 1];
    if (!previous || !better || previous.better === better) return [];
    const between = levels.filter((level) => level.clients >= previous.clients && level.clients <= clients);
    return [{ after: previous.clients, before: clients, becomes: better, clients: meetingPoint(between) }];
  });
}

interface Pair {
  readonly clients: number;
  readonly first: CurvePoint;
  readonly second: CurvePoint;
}

function pairUp(first: readonly CurvePoint[], second: readonly CurvePoint[]): Pair[] {
  const others = new Map(second.map((point) => [point.clients, point]));
  return first
    .flatMap((point) => {
      const other = others.get(point.clients);
      return other ? [{ clients: point.clients, first: point, second: other }] : [];
    })
    .sort((a, b) => a.clients - b.clients);
}

/** null where no difference can be told. */
function betterAt({ first, second }: Pair, smallerIsBetter: boolean): Crossing['becomes'] | null {
  if (!first.interval || !second.interval || overlap(first.interval, second.interval)) return null;
  return first.interval.high < second.interval.low === smallerIsBetter ? 'first' : 'second';
}

/** First change of sign of ln(first/second), linear in ln(clients). */
function meetingPoint(levels: readonly Pair[]): number | null {
  const gaps = levels.map(({ clients, first, second }) => ({
    at: Math.log(clients),
    gap: Math.log(first.estimate / second.estimate),
  }));
  for (const [i, right] of gaps.entries()) {
    const left = gaps[i - 1];
    if (!left || !(left.gap * right.gap <= 0) || left.gap === right.gap) continue;
    return Math.exp(left.at + ((right.at - left.at) * left.gap) / (left.gap - right.gap));
  }
  return null;
}
