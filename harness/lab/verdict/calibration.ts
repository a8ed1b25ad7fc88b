/** How much drag makes how much slow-down, measured the same way as everything else. */
import { hodgesLehmann } from '../../analysis/statistics/estimators/hodges-lehmann.ts';
import { UnfitError } from '../../errors.ts';

/** The drag that is tried, in bytes (the parameter `slowdown` of servers/services/echo.ts): a slow-down that is large against the spread of a launch. */
export const TRIED_DRAG = 4000;

/** Launches of the calibration: enough that "5 %" is 5 % give or take a quarter where a launch spreads by 3 %. */
export const CALIBRATION_LAUNCHES = 20;

/** What a message with any drag at all costs beyond its bytes, in bytes: the call. 25 ns beside 0.35 ns a byte, timed in a loop. */
const CALL = 70;

/**
 * The drag that makes a slow-down: CPU per exchange grows in proportion to its bytes, the call counted as some of them.
 *
 * @param d ln(with drag/without) of CPU per exchange, one a launch
 * @param effect relative: 0.05 for 5 %
 * @throws UnfitError where the drag does not show
 */
export function dragFor(d: readonly number[], effect: number): number {
  const slowdown = Math.expm1(hodgesLehmann(d).estimate);
  if (!(slowdown > 0.05)) {
    throw new UnfitError(
      `${TRIED_DRAG} bytes of drag slow the server down by ${(100 * slowdown).toFixed(1)} % only: the check cannot be calibrated here.`,
    );
  }
  return Math.max(1, Math.round(((TRIED_DRAG + CALL) * effect) / slowdown - CALL));
}
