import { overlap } from './interval.ts';
import type { Interval } from '../../../results/schema/leaves.ts';

/** One point of a curve over numbers of clients. */
export interface CurvePoint {
  readonly clients: number;
  readonly estimate: number;
  /** null where the samples were too few for one: nothing can be told there. */
  readonly interval: Interval | null;
}

/** Which of two curves is better, or that it cannot be told. */
export type Better = 'first' | 'second' | 'neither';

/** Neighbouring levels at which the comparison comes out alike. Both ends belong to it. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly better: Better;
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

export type CurveComparison =
  /** No level at which the intervals are apart: no difference that can be told. */
  | { readonly kind: 'no-difference'; readonly ranges: readonly Range[] }
  /** One of them is better somewhere, the other nowhere. */
  | { readonly kind: 'one-better'; readonly better: 'first' | 'second'; readonly ranges: readonly Range[] }
  | { readonly kind: 'crossing'; readonly crossings: readonly Crossing[]; readonly ranges: readonly Range[] };

/**
 * Compares two curves at the levels they share. One is called better only where its interval lies wholly on the
 * better side of the other's. Two 95 % intervals of equal width that just touch are a difference with p of about
 * 0.006, not 0.05 (N. Schenker & J. F. Gentleman, "On Judging the Significance of Differences by Examining the
 * Overlap Between Confidence Intervals", The American Statistician 55, 2001): strict on purpose, because a sweep asks
 * the question at every level.
 *
 * @param smallerIsBetter true for elapsed time, latency and cost, false for throughput
 */
export function compareCurves(
  first: readonly CurvePoint[],
  second: readonly CurvePoint[],
  smallerIsBetter: boolean,
): CurveComparison {
  const levels = pairUp(first, second).map((pair) => ({ ...pair, better: betterAt(pair, smallerIsBetter) }));
  const ranges = rangesOf(levels);
  const told = levels.filter((level) => level.better !== 'neither');
  const start = told[0]?.better;
  if (!start || start === 'neither') return { kind: 'no-difference', ranges };
  if (told.every((level) => level.better === start)) return { kind: 'one-better', better: start, ranges };
  const crossings: Crossing[] = [];
  for (const [i, level] of told.entries()) {
    const previous = told[i - 1];
    if (!previous || previous.better === level.better || level.better === 'neither') continue;
    const between = levels.filter(({ clients }) => clients >= previous.clients && clients <= level.clients);
    crossings.push({
      after: previous.clients,
      before: level.clients,
      becomes: level.better,
      clients: meetingPoint(between),
    });
  }
  return { kind: 'crossing', crossings, ranges };
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

function betterAt({ first, second }: Pair, smallerIsBetter: boolean): Better {
  if (!first.interval || !second.interval || overlap(first.interval, second.interval)) return 'neither';
  return first.interval.high < second.interval.low === smallerIsBetter ? 'first' : 'second';
}

function rangesOf(levels: readonly { readonly clients: number; readonly better: Better }[]): Range[] {
  const ranges: Range[] = [];
  for (const { clients, better } of levels) {
    const last = ranges.at(-1);
    if (last?.better === better) ranges[ranges.length - 1] = { ...last, to: clients };
    else ranges.push({ from: clients, to: clients, better });
  }
  return ranges;
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
