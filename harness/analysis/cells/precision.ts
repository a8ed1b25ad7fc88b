/** Whether a cell is measured precisely enough, by the rule that the plan fixed before the run. */
import type { PrecisionRule } from '../../results/schema/plan.ts';
import { headlineOf, valuesOf, type CellTrials } from './cell-trials.ts';
import { estimate } from './estimate.ts';

/**
 * Whether the interval of a cell's headline is still wider than asked for, or its valid trials are too few for one.
 *
 * A cell without any valid trial is not: more of the same would not make it precise. Nor is one that has had its most
 * trials, valid or not.
 */
export function isTooWide(cell: CellTrials, { relative, maxTrials }: PrecisionRule): boolean {
  if (cell.results.length >= maxTrials) return false;
  const headline = headlineOf(cell.scenario);
  const figures = headline && estimate(valuesOf(headline, cell.valid, cell.scenario));
  if (!figures) return false;
  const { interval, median } = figures;
  return interval === null || (interval.high - interval.low) / 2 > relative * Math.abs(median);
}
