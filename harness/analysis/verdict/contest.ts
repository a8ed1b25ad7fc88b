/** Determines which servers can be compared at a number of clients, and which is ahead. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import { overlap } from '../statistics/estimators/interval.ts';
import type { Estimate, Interval } from '../../results/schema/leaves.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { spreadOf } from '../cells/cells.ts';
import type { CurvePoint } from '../statistics/estimators/crossing.ts';

export interface Contender {
  readonly server: string;
  readonly estimate: Estimate;
}

/** The ranking at one number of clients. */
export interface Standing {
  readonly clients: number;
  /** The best, and all that cannot be distinguished from it, best median first. At least one. */
  readonly leaders: readonly Contender[];
  /** The others, best median first. */
  readonly behind: readonly Contender[];
  /** Not compared: a single valid trial, where others have more. */
  readonly single: readonly Contender[];
}

/** Whether a cell has a valid trial; others are shown but never judged. */
export function isJudged({ trials }: Cell): boolean {
  return trials.completed > trials.invalid;
}

/** Whether the server held all clients: a trial completed, none failed, and no client was lost or failed. */
export function holdsAll({ trials, outcomes }: Cell): boolean {
  return trials.completed > 0 && trials.failed === 0 && outcomes.lost === 0 && outcomes.failed === 0;
}

/**
 * The cells whose figures may be compared. A server that turns clients away finishes early, so only cells that held
 * all their clients compete, unless the metric counts lost or failed clients.
 */
export function competing(cells: readonly Cell[], metric: MetricDefinition): Cell[] {
  const countsLosses = metric.id === 'lost' || metric.id === 'failed';
  return cells.filter(
    (cell) => isJudged(cell) && cell.metrics[metric.id] && (countsLosses || holdsAll(cell)),
  );
}

/**
 * The interval of the median or, under six trials, the range, which covers the median with probability 1 − 2¹⁻ⁿ;
 * null for a single trial, whose spread is unknown.
 */
function comparableInterval(estimate: Estimate): Interval | null {
  const { n, interval } = estimate;
  return interval ?? (n < 2 ? null : { ...spreadOf(estimate), level: 1 - 2 ** (1 - n) });
}

/** The metric of one server over the numbers of clients. */
export function curveOf(cells: readonly Cell[], metric: MetricDefinition): CurvePoint[] {
  return cells.flatMap(({ clients, metrics }) => {
    const estimate = metrics[metric.id];
    return estimate ? [{ clients, estimate: estimate.median, interval: comparableInterval(estimate) }] : [];
  });
}

/** The standings at every number of clients with competitors, ascending. */
export function standingsOf(cells: readonly Cell[], metric: MetricDefinition): Standing[] {
  const levels = Map.groupBy(competing(cells, metric), ({ clients }) => clients);
  return [...levels]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([clients, level]) => standing(clients, level, metric) ?? []);
}

function standing(clients: number, cells: readonly Cell[], metric: MetricDefinition): Standing | undefined {
  const sign = metric.direction === 'higher' ? -1 : 1;
  const contenders = cells
    .flatMap(({ server, metrics }) => {
      const estimate = metrics[metric.id];
      return estimate ? [{ server, estimate }] : [];
    })
    .toSorted((a, b) => sign * (a.estimate.median - b.estimate.median));
  // A single trial has no interval to compare: it would always be among the best.
  const repeated = contenders.filter(({ estimate }) => comparableInterval(estimate) !== null);
  const compared = repeated.length > 0 ? repeated : contenders;
  const [best] = compared;
  if (!best) return undefined;
  const leads = (other: Contender) => other === best || !apart(best.estimate, other.estimate);
  return {
    clients,
    leaders: compared.filter(leads),
    behind: compared.filter((contender) => !leads(contender)),
    single: contenders.filter((contender) => !compared.includes(contender)),
  };
}

function apart(a: Estimate, b: Estimate): boolean {
  const [first, second] = [comparableInterval(a), comparableInterval(b)];
  return first !== null && second !== null && !overlap(first, second);
}
