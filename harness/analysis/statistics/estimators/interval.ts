import type { Interval } from '../../../results/schema/leaves.ts';

/** The level that intervals have unless another is asked for. */
export const USUAL_LEVEL = 0.95;

/** Whether two intervals share at least one point. */
export function overlap(a: Interval, b: Interval): boolean {
  return a.low <= b.high && b.low <= a.high;
}
