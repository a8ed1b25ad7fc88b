/** What a check still has to do. Pure. */
import type { CheckCase } from './cases.ts';
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';

/** The cases that no duet has been made of yet, in their order. */
export function remainingCases(cases: readonly CheckCase[], duets: readonly CheckCase[]): CheckCase[] {
  const key = ({ effect, repetition }: CheckCase): string => `${effect}/${repetition}`;
  const made = new Set(duets.map(key));
  return cases.filter((each) => !made.has(key(each)));
}

/**
 * How long the remaining duets will take, in ms: each as long as those of its effect took on average, and as all did
 * where there is none yet. An effect near δ takes more interim analyses than others.
 *
 * @param firstAnalysisMs what a duet takes that is decided at the first interim analysis, where none has been made at all
 */
export function timeLeftMs(
  remaining: readonly Pick<CheckCase, 'effect'>[],
  duets: readonly Pick<CheckedDuet, 'effect' | 'tookMs'>[],
  firstAnalysisMs: number,
): number {
  const byEffect = Map.groupBy(duets, ({ effect }) => effect);
  const usual = mean(duets) ?? firstAnalysisMs;
  return remaining.reduce((sum, { effect }) => sum + (mean(byEffect.get(effect) ?? []) ?? usual), 0);
}

function mean(duets: readonly Pick<CheckedDuet, 'tookMs'>[]): number | undefined {
  return duets.length === 0 ? undefined : duets.reduce((sum, { tookMs }) => sum + tookMs, 0) / duets.length;
}
