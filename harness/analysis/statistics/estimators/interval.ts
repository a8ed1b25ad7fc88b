/** An interval for an unknown figure, in the unit of the samples it was computed from. Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** Probability, 0 to 1, that the procedure covers the true figure: exact where the method is, else nominal. */
  readonly level: number;
}

/** The level that intervals have unless another is asked for. */
export const USUAL_LEVEL = 0.95;

/** Whether two intervals share at least one point. */
export function overlap(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high;
}
