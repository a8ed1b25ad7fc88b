/** More trials for cells whose headline interval is still wide, by the rule that the plan fixed before the run. */
import { cellTrialsOf } from './cell-trials.ts';
import { isTooWide } from './precision.ts';
import { seededRandom } from '../../plan/random.ts';
import type { Plan, Trial } from '../../results/schema/plan.ts';
import type { TrialResult } from '../../results/schema/trial.ts';

/**
 * One more trial for every cell that is not precise enough (precision.ts), in a seeded random order; none
 * where the plan has no precision rule. Called when all trials so far have ended.
 */
export function moreTrials(plan: Plan, results: readonly TrialResult[]): Trial[] {
  const rule = plan.precision;
  if (!rule) return [];
  const wide = cellTrialsOf({ plan, trials: results })
    .filter((cell) => isTooWide(cell, rule))
    .flatMap((cell) => cell.results.at(-1)?.trial ?? []);
  const random = seededRandom(plan.seed + results.length);
  return random.shuffled(wide).map((trial, i) => ({
    ...trial,
    index: results.length + i,
    repetition: trial.repetition + 1,
    seed: random.integer(0, 0x7fff_ffff),
  }));
}
