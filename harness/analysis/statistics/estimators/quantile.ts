/**
 * A sorted copy, smallest first.
 *
 * @throws RangeError when a value is NaN or infinite: a missing sample must be left out by the caller, knowingly,
 * because every rank after it would be wrong.
 */
export function ascending(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values);
  if (!sorted.every(Number.isFinite)) throw new RangeError('samples must be finite numbers');
  return sorted.sort();
}

/**
 * Quantile of any number of samples, in their own unit: definition 7 of Hyndman & Fan, "Sample Quantiles in
 * Statistical Packages", The American Statistician 50 (1996), linear between the two nearest order statistics; the
 * default of R, NumPy and spreadsheets, so that a reader who checks gets the same figure.
 *
 * @param p 0 (the minimum) to 1 (the maximum)
 * @throws RangeError without samples, for a p outside [0, 1] and for samples that are not finite
 */
export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(ascending(values), p);
}

/** {@link quantile} of values that are sorted already, smallest first. */
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
