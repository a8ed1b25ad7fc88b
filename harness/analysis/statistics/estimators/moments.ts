/** Figures that describe samples without a claim about where they came from. All are in the unit of the samples. */
export interface Moments {
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Standard deviation with divisor n − 1; null for a single sample, which has no spread. */
  readonly sd: number | null;
}

/**
 * Minimum, maximum, mean and standard deviation in one pass: B. P. Welford, "Note on a Method for Calculating
 * Corrected Sums of Squares and Products", Technometrics 4 (1962), which does not cancel when the mean is far
 * larger than the spread (nanosecond clocks, byte counts).
 *
 * @throws RangeError without samples
 */
export function moments(values: readonly number[]): Moments {
  if (values.length === 0) throw new RangeError('moments need at least one sample');
  let min = Infinity;
  let max = -Infinity;
  let mean = 0;
  let squares = 0;
  for (const [i, value] of values.entries()) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    const before = value - mean;
    mean += before / (i + 1);
    squares += before * (value - mean);
  }
  const n = values.length;
  return { n, min, max, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
}
