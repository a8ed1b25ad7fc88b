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
import { criticalDifference, type CriticalDifference, type OfSeveral } from './critical.ts';
import { noiseOf, type CentredCell, type Noise, type SweepCell } from './noise.ts';

/**
 * What all comparisons of a run share. It is less than the 5 % of runs that may hold a false statement of order, because
 * the scatter of a cell is itself an estimate: with 1 %, at most 5 % of simulated runs of any size did (`holdfast lab order`).
 */
const SHARED_ERROR = 0.01;

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

/** What so many trials can tell. */
export interface Detectable {
  readonly trials: number;
  /** Ratio of two medians from which on they are told apart, above 1; that of the middle pair. */
  readonly ratio: number;
}

export interface Resolution extends Detectable {
  /** Trials that would tell half of that difference; null where {@link MOST_TRIALS} would not. */
  readonly more: Detectable | null;
}

/** A pair whose order is told at two levels, and is not the same. */
export interface Overtaking {
  readonly server: string;
  readonly by: string;
  /** Last level at which `server`, and first at which `by` is told to be better. */
  readonly after: number;
  readonly before: number;
  /** Level at which lines between the medians (on log axes) meet. */
  readonly near: number;
}

const MOST_TRIALS = 30;

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
      resolution: resolution(contenders, withMore),
    })),
    overall: overallOrder(levels, critical),
    overtakings: overtakings(levels, critical),
  };
}

interface Contender extends OfSeveral {
  readonly server: string;
  /** ln of the median as it is shown, and of the median without block effects; the smaller is the better. */
  readonly shown: number;
  readonly centre: number;
}

interface Level {
  readonly level: number;
  readonly contenders: readonly Contender[];
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

/** What is compared: a server at a level, or over all levels. */
type Compared = Pick<Contender, 'server' | 'shown' | 'centre'>;

/** Whether the first is told to be better. The medians as shown must say the same as those without block effects. */
function isBetter<T extends Compared>(a: T, b: T, critical: (a: T, b: T) => number): boolean {
  return a.shown < b.shown && b.centre - a.centre >= critical(a, b);
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

/** The critical difference in a sweep with so many times as many degrees of freedom, computed once each. */
function criticalWithMore(
  { degrees, deviations }: Noise,
  tail: number,
): (times: number) => CriticalDifference {
  const known = new Map<number, CriticalDifference>();
  return (times) => {
    const critical = known.get(times) ?? criticalDifference({ degrees: degrees * times, deviations }, tail);
    known.set(times, critical);
    return critical;
  };
}

function resolution(
  contenders: readonly Contender[],
  withMore: (times: number) => CriticalDifference,
): Resolution {
  const trials = Math.round(median(contenders.map(({ n }) => n)));
  // The middle pair stands for all.
  const scale = median(contenders.map((one) => one.scale));
  const withTrials = (n: number): Detectable => {
    const one = { n, scale };
    return { trials: n, ratio: Math.exp(withMore((n - 1) / (trials - 1)).ofPair(one, one)) };
  };
  const now = withTrials(trials);
  const enough = ({ ratio }: Detectable) => ratio - 1 <= (now.ratio - 1) / 2;
  let low = trials;
  let high = MOST_TRIALS;
  if (trials >= MOST_TRIALS || !enough(withTrials(high))) return { ...now, more: null };
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(withTrials(middle))) high = middle;
    else low = middle;
  }
  return { ...now, more: withTrials(high) };
}

function overtakings(levels: readonly Level[], critical: CriticalDifference): Overtaking[] {
  const servers = [
    ...new Set(levels.flatMap(({ contenders }) => contenders.map(({ server }) => server))),
  ].toSorted();
  return pairsOf(servers).flatMap(([first, second]) => {
    const shared = levels.flatMap(({ level, contenders }) => {
      const a = contenders.find(({ server }) => server === first);
      const b = contenders.find(({ server }) => server === second);
      if (!a || !b) return [];
      const better = isBetter(a, b, critical.ofPair) ? 1 : isBetter(b, a, critical.ofPair) ? -1 : 0;
      return [{ level, gap: a.shown - b.shown, better }];
    });
    const told = shared.filter(({ better }) => better !== 0);
    return told.flatMap((now, i) => {
      const previous = told[i - 1];
      if (!previous || previous.better === now.better) return [];
      const [server, by] = previous.better === 1 ? [first, second] : [second, first];
      const between = shared.filter(({ level }) => level >= previous.level && level <= now.level);
      return [{ server, by, after: previous.level, before: now.level, near: meetingPoint(between) }];
    });
  });
}

/** First change of sign of the difference of logarithms, linear in ln(level). */
function meetingPoint(levels: readonly { readonly level: number; readonly gap: number }[]): number {
  for (const [i, right] of levels.entries()) {
    const left = levels[i - 1];
    if (!left || left.gap * right.gap > 0) continue;
    const share = left.gap / (left.gap - right.gap);
    return Math.exp(Math.log(left.level) + share * Math.log(right.level / left.level));
  }
  throw new RangeError('the order of the medians is the same at all levels');
}

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((first, i) => items.slice(i + 1).map((second): [T, T] => [first, second]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
