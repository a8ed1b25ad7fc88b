/** Which figures of a trial are lower bounds: those that fall among values that nobody waited for to the end. */
import type { HistogramStatistic, MetricDefinition } from './schema/plan.ts';
import type { CompletedTrial } from './schema/trial.ts';

/** The share of the values that lie at or below a statistic; mean and maximum are spoilt by any value that is not known. */
const SHARE_BELOW: Readonly<Record<HistogramStatistic, number>> = {
  p50: 0.5,
  p90: 0.9,
  p99: 0.99,
  p999: 0.999,
  mean: 1,
  max: 1,
  min: 0,
};

/** True where the metric's value in the trial is known to be at least what it says, and no more. */
export function isLowerBound({ source }: MetricDefinition, { load }: Pick<CompletedTrial, 'load'>): boolean {
  const histogram = source.from === 'histogram' ? load.histograms[source.name] : undefined;
  if (source.from !== 'histogram' || !histogram?.atLeast) return false;
  const rank = Math.max(1, Math.ceil(SHARE_BELOW[source.statistic] * histogram.count));
  return rank > histogram.count - histogram.atLeast;
}
