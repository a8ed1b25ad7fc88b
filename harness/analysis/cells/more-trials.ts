/** More trials for cells whose headline interval is still wide, by the rule that the plan fixed before the run. */
import { cellTrialsOf, headlineOf, valuesOf, type CellTrials } from './cell-trials.ts';
import { seededRandom } from '../../plan/random.ts';
import type { Plan, Trial, PrecisionRule } from '../../results/schema/plan.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import { estimate } from './cells.ts';

/**
 * One more trial for every cell that is not precise enough, in a seeded random order; none
 * where the plan has no precision rule. Called when all trials so far have ended.
 */
export function moreTrials(plan: Plan, results: readonly TrialResult[]): Trial[] {
  const rule = plan.precision;
  if (!rule) return [];
  const wide = cellTrialsOf({ plan, trials: results })
    .filter((cell) => isTooWide(cell, rule))
    .flatMap((cell) => cell.results.at(-1)?.trial ?? []);
  const random = seededRandom(plan.seed + results.length);
  return random.shuffled(wide).map(({ warmLoad: _, ...trial }, i) => ({
    ...trial,
    index: results.length + i,
    repetition: trial.repetition + 1,
    seed: random.integer(0, 0x7fff_ffff),
  }));
}

/**
 * Whether the interval of a cell's headline is still wider than asked for, or its valid trials are too few for one.
 *
 * A cell without any valid trial is not: more of the same would not make it precise. Nor is one that has had its most
 * trials, valid or not.
 */
function isTooWide(cell: CellTrials, { relative, maxTrials }: PrecisionRule): boolean {
  if (cell.results.length >= maxTrials) return false;
  const headline = headlineOf(cell.scenario);
  const figures = headline && estimate(valuesOf(headline, cell.valid, cell.scenario));
  if (!figures) return false;
  const { interval, median } = figures;
  return interval === null || (interval.high - interval.low) / 2 > relative * Math.abs(median);
}
