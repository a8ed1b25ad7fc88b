/** An estimate as a point of a chart, and why there is none where there is none. */
import { failuresOf } from '../../harness/analysis/cells/faults.ts';
import type { Cell } from '../../harness/results/schema/summary.ts';
import type { Estimate } from '../../harness/results/schema/leaves.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { PointMark, PointSpec } from '../drawing/spec.ts';

/** The ends of the band around a median: its 95 % interval, or the range of the trials where they are too few for one. */
export function spreadOf(
  estimate: Estimate,
): { readonly low: number; readonly high: number; readonly kind: 'interval' | 'range' } | null {
  if (estimate.interval)
    return { low: estimate.interval.low, high: estimate.interval.high, kind: 'interval' };
  return estimate.n > 1 ? { low: estimate.min, high: estimate.max, kind: 'range' } : null;
}

/** Why a cell has no figure for a metric. */
export function whyMissing(cell: Cell | undefined, metric: MetricDefinition | undefined): string {
  if (!cell) return 'not planned';
  const { planned, completed, failed, aborted } = cell.trials;
  const why = metric && cell.absent?.[metric.id];
  if (why !== undefined) return why;
  if (completed > 0) {
    if (metric?.id === 'throughput') return 'no exchange was completed';
    return metric?.id.startsWith('latency-') ? 'too few exchanges' : 'not recorded';
  }
  if (failed > 0) return failed === 1 ? 'the trial failed' : `all ${failed} trials that ran failed`;
  if (aborted > 0) return 'the run was stopped';
  return planned > 0 ? 'not run yet' : 'not planned';
}

/** How a cell's point is drawn: a cross where clients, exchanges or trials failed or clients were lost, hollow where a trial is not valid. */
export function markOf(cell: Cell): PointMark {
  if (cell.outcomes.lost + cell.outcomes.failed + cell.trials.failed > 0) return 1;
  if (failuresOf(cell.errors).length > 0) return 1;
  return cell.trials.invalid > 0 ? 2 : 0;
}

/** Three significant digits are drawn and stored in the page; more would be noise. */
export function compact(value: number): number {
  return Number(value.toPrecision(4));
}

/** The point of a cell in a chart of one metric; undefined where there is nothing to show. */
export function pointOf(cell: Cell, metric: string): PointSpec | undefined {
  const estimate = cell.metrics[metric];
  if (!estimate || !Number.isFinite(estimate.median)) {
    return cell.trials.completed === 0 && cell.trials.failed > 0
      ? [cell.clients, null, null, null, 1]
      : undefined;
  }
  const spread = spreadOf(estimate);
  return [
    cell.clients,
    compact(estimate.median),
    spread ? compact(spread.low) : null,
    spread ? compact(spread.high) : null,
    markOf(cell),
  ];
}
