/**
 * Which servers of a sweep are told apart at which level: one decision for a whole run, wrong anywhere in at most α of
 * runs.
 *
 * Every pair of servers at every level of every metric is one comparison, and each may be wrong with probability α over
 * their number (Bonferroni: it holds however they hang together, and at such small tails it costs no more than the
 * studentised range). Two medians differ where their distance exceeds the critical difference, which is the larger of two:
 * that of normal deviations by Student's distribution, and that of the run's own deviations.
 */
import { median } from '../estimators/quantile.ts';
import { isBetter, pairsOf, type Compared, type Contender, type Level } from './contender.ts';
import type { CriticalDifference } from './critical.ts';
import { noiseOf, type CentredCell, type SweepCell } from './noise.ts';
import { overtakingsOf, type Overtaking } from './overtaking.ts';
import { criticalWithMore, resolutionOf, type Resolution } from './resolution.ts';

/** Probability that a run holds any false statement of order: what all its comparisons share. */
const SHARED_ERROR = 0.05;

/** One metric of one scenario. */
export interface Sweep {
  readonly smallerIsBetter: boolean;
  /** Each with two trials or more; figures above 0. */
  readonly cells: readonly SweepCell[];
}

export interface SweepOrder {
  /** Those with two cells or more, ascending. */
  readonly levels: readonly LevelOrder[];
  /** All levels together; null with fewer than two levels, or two servers that are at every one of them. */
  readonly overall: OverallOrder | null;
  readonly overtakings: readonly Overtaking[];
}

/** The order of mean logarithms over all levels, among the servers that are at every level; lists as in {@link Placing}. */
export interface OverallOrder extends Placing {
  /** Number of levels. */
  readonly levels: number;
  /** Geometric mean over the levels of the ratio to the best; of every server, 1 for the best. */
  readonly ratios: ReadonlyMap<string, number>;
  /** Ratio from which on two servers are told apart; that of the middle pair. */
  readonly ratio: number;
}

/** The order at one level. */
export interface LevelOrder extends Placing {
  readonly level: number;
  readonly resolution: Resolution;
}

/** Every server is in one of the lists, each by its median, best first. */
export interface Placing {
  /** The best median, and those after it that cannot be told from it, up to the first that can. */
  readonly best: readonly string[];
  /** Told from the best median. */
  readonly behind: readonly string[];
  /** Not told from the best median, although a server with a better median is: their trials scatter too much. */
  readonly unplaced: readonly string[];
}

/** Comparisons that the decision makes: at every level, and over all levels. */
function comparisonsIn(sweeps: readonly Sweep[]): number {
  const pairs = (of: number): number => (of * (of - 1)) / 2;
  return sweeps
    .flatMap(({ cells }) => {
      const levels = [...Map.groupBy(cells, ({ level }) => level).values()].map(({ length }) => length);
      return [...levels.map(pairs), pairs(Math.max(0, ...levels))];
    })
    .reduce((sum, count) => sum + count, 0);
}

/**
 * @returns the order of every sweep
 * @throws RangeError for a figure that is not above 0
 */
export function orderSweeps(sweeps: readonly Sweep[]): SweepOrder[] {
  const tail = SHARED_ERROR / Math.max(1, comparisonsIn(sweeps));
  return sweeps.map((sweep) => orderOf(sweep, tail));
}

function orderOf({ cells, smallerIsBetter }: Sweep, tail: number): SweepOrder {
  if (cells.length < 2) return { levels: [], overall: null, overtakings: [] };
  const noise = noiseOf(cells);
  const withMore = criticalWithMore(noise, tail);
  const critical = withMore(1);
  const levels = [...Map.groupBy(noise.cells, ({ level }) => level)]
    .filter(([, own]) => own.length > 1)
    .toSorted(([a], [b]) => a - b)
    .map(([level, own]) => ({ level, contenders: own.map(contender(smallerIsBetter)).toSorted(byMedian) }));
  return {
    levels: levels.map(({ level, contenders }) => ({
      level,
      ...placing(contenders, critical.ofPair),
      resolution: resolutionOf(contenders, withMore),
    })),
    overall: overallOrder(levels, critical),
    overtakings: overtakingsOf(levels, critical),
  };
}

function contender(smallerIsBetter: boolean): (cell: CentredCell) => Contender {
  const sign = smallerIsBetter ? 1 : -1;
  return ({ server, samples, centre, scale, together }) => ({
    server,
    n: samples.length,
    scale,
    together,
    shown: sign * Math.log(median(samples.map(({ value }) => value))),
    centre: sign * centre,
  });
}

function byMedian(a: Contender, b: Contender): number {
  return a.shown - b.shown;
}

/** @param contenders the best first */
function placing<T extends Compared>(contenders: readonly T[], critical: (a: T, b: T) => number): Placing {
  const [leader] = contenders;
  const told = (one: T): boolean => leader !== undefined && isBetter(leader, one, critical);
  const first = contenders.findIndex(told);
  const rest = first === -1 ? [] : contenders.slice(first);
  const names = (some: readonly T[]) => some.map(({ server }) => server);
  return {
    best: names(first === -1 ? contenders : contenders.slice(0, first)),
    behind: names(rest.filter(told)),
    unplaced: names(rest.filter((one) => !told(one))),
  };
}

/** By the means over all levels, of the servers that are at every one. */
function overallOrder(levels: readonly Level[], critical: CriticalDifference): OverallOrder | null {
  const everywhere = [
    ...Map.groupBy(
      levels.flatMap(({ contenders }) => contenders),
      ({ server }) => server,
    ),
  ].filter(([, own]) => own.length === levels.length);
  if (levels.length < 2 || everywhere.length < 2) return null;
  const servers = everywhere
    .map(([server, own]) => ({
      server,
      own,
      shown: mean(own.map(({ shown }) => shown)),
      centre: mean(own.map(({ centre }) => centre)),
    }))
    .toSorted((a, b) => a.shown - b.shown);
  type Overall = (typeof servers)[number];
  const difference = (a: Overall, b: Overall): number =>
    critical.ofMeans(a.own.flatMap((one, i) => (b.own[i] ? [[one, b.own[i]] as const] : [])));
  const best = servers[0]?.shown ?? 0;
  return {
    levels: levels.length,
    ...placing(servers, difference),
    ratios: new Map(servers.map(({ server, shown }) => [server, Math.exp(shown - best)])),
    ratio: Math.exp(median(pairsOf(servers).map(([a, b]) => difference(a, b)))),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
