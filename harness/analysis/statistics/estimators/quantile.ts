/**
 * A sorted copy, smallest first.
 *
 * @throws RangeError for NaN or infinity: callers must leave out missing samples, which would make every later rank
 *   wrong
 */
export function ascending(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values);
  if (!sorted.every(Number.isFinite)) throw new RangeError('samples must be finite numbers');
  return sorted.sort();
}

/**
 * Quantile in the unit of the samples: definition 7 of Hyndman & Fan, "Sample Quantiles in Statistical Packages",
 * The American Statistician 50 (1996), linear between the two nearest order statistics. It is the default of R,
 * NumPy and spreadsheets, so readers can check it there.
 *
 * @param p 0 (the minimum) to 1 (the maximum)
 * @throws RangeError without samples, for a p outside [0, 1] and for samples that are not finite
 */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(ascending(values), p);
}

/** {@link quantile} of values sorted in ascending order. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile needs at least one sample');
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile is asked for with p from 0 to 1, not ${p}`);
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.ceil(position)]!;
  return low === high ? low : low + (position - below) * (high - low);
}

/** The middle sample, or the mean of the two in the middle. @throws RangeError without samples */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Number of samples beyond Tukey's outer fences, three interquartile ranges outside the quartiles: J. W. Tukey,
 * "Exploratory Data Analysis" (1977), "far out". They are counted and shown, never dropped.
 *
 * The inner fences (1.5) flag a quarter to a third of normal cells of 6 to 30 trials, and median ± 3.5 MAD 9 to 17
 * %: readers ignore a warning that is always there. The outer fences flag 1 to 8 % (13 % at 5). Below five samples
 * the quartiles are the samples themselves, and the result is 0.
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

/**
 * Standard deviation with divisor n − 1, in the unit of the samples; null for a single sample. Computed in one pass
 * after B. P. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4
 * (1962), which avoids cancellation when the mean far exceeds the spread (nanosecond clocks, byte counts).
 *
 * @throws RangeError without samples
 */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length === 0) throw new RangeError('a standard deviation needs at least one sample');
  let mean = 0;
  let squares = 0;
  for (const [i, value] of values.entries()) {
    const before = value - mean;
    mean += before / (i + 1);
    squares += before * (value - mean);
  }
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null;
}
