import { ascending, quantileOfSorted } from './quantile.ts';

/**
 * The number of samples far from the bulk of the others, which are counted and shown, never dropped: those beyond Tukey's outer fences, three interquartile ranges outside the quartiles: J. W. Tukey, "Exploratory
 * Data Analysis" (1977), "far out".
 *
 * The usual inner fences (1.5) flag a quarter to a third of all perfectly normal cells of 6 to 30 trials, and
 * median ± 3.5 MAD 9 to 17 %: a warning that is always there is not read. The outer fences flag 1 to 8 % (13 % at 5). Below
 * five samples the quartiles are the samples themselves, and nothing is called far out.
 *
 * @throws RangeError for samples that are not finite
 */
export function countOutliers(samples: readonly number[]): number {
  if (samples.length < 5) return 0;
  const sorted = ascending(samples);
  const lower = quantileOfSorted(sorted, 0.25);
  const upper = quantileOfSorted(sorted, 0.75);
  const reach = 3 * (upper - lower);
  return sorted.filter((value) => value < lower - reach || value > upper + reach).length;
}
