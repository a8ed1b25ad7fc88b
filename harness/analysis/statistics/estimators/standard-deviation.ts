/**
 * Standard deviation with divisor n − 1, in the unit of the samples; null for a single sample, which has no spread. In
 * one pass: B. P. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4
 * (1962), which does not cancel when the mean is far larger than the spread (nanosecond clocks, byte counts).
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
