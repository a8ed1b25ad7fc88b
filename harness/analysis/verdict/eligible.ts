/** Which cells take part in the order of servers, and why the others do not. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, WhyNotCompared } from '../../results/schema/summary.ts';

const COST_IDS: readonly string[] = ['cpu-per-exchange', 'memory-per-connection', 'pss-peak'];

/** The metrics that say what a server costs. */
export function costsAmong(metrics: readonly MetricDefinition[]): MetricDefinition[] {
  return metrics.filter(({ id }) => COST_IDS.includes(id));
}

/** Whether a cell has a valid trial; others are shown but never judged. */
export function isJudged({ trials }: Cell): boolean {
  return trials.completed > trials.invalid;
}

/** Whether all clients were connected at once in every trial. */
export function heldAll({ heldAtOnce, clients, trials }: Cell): boolean {
  return trials.failed === 0 && (heldAtOnce?.min ?? 0) >= clients;
}

/**
 * What spoils the figures of a cell; undefined where every trial completed, every client was served, and no exchange
 * failed. A server that turns clients away finishes early, and a quick error is no quick answer.
 */
export function faultOf({ trials, outcomes, errors }: Cell): WhyNotCompared | undefined {
  if (trials.failed > 0) return 'failed-trials';
  if (outcomes.lost > 0) return 'lost-clients';
  if (outcomes.failed > 0) return 'failed-clients';
  if (Object.values(errors).some((count) => count > 0)) return 'errors';
  return undefined;
}

/** Why a cell takes no part by itself; undefined where it does. */
export function whyNotCompared(cell: Cell, metric: MetricDefinition): WhyNotCompared | undefined {
  const fault = faultOf(cell);
  if (fault) return fault;
  if (!isJudged(cell)) return 'not-valid';
  return cell.metrics[metric.id] ? undefined : 'not-measured';
}
