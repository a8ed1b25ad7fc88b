/** One metric over the trials of a cell: where it lies, how sure that is, and how far the trials spread. */
import { medianInterval } from '../statistics/estimators/median-interval.ts';
import { countOutliers } from '../statistics/estimators/outliers.ts';
import { ascending, quantileOfSorted } from '../statistics/estimators/quantile.ts';
import type { Estimate } from '../../results/schema/leaves.ts';

/**
 * Median, exact order-statistic interval, extremes and number of outliers. The order of the values means nothing.
 *
 * @returns undefined without values: a figure that nobody measured is absent, never 0
 * @throws RangeError for values that are not finite
 */
export function estimate(values: readonly number[]): Estimate | undefined {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  return {
    n: sorted.length,
    median: quantileOfSorted(sorted, 0.5),
    min: quantileOfSorted(sorted, 0),
    max: quantileOfSorted(sorted, 1),
    interval: medianInterval(values),
    outliers: countOutliers(values),
  };
}

/** What the brackets behind a median hold: its interval or, where there are too few trials for one, their range. */
export function spreadOf({ interval, min, max }: Estimate): { readonly low: number; readonly high: number } {
  return interval ?? { low: min, high: max };
}
