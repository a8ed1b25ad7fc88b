/** The cases of a check of the verdict: duets whose right answer is known, and which of them are still to be made. Pure. */
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';

/** One duet whose answer is known. */
export interface CheckCase {
  /** Injected slowdown of CPU per exchange, relative: 0 for an A/A, 0.05 for 5 %. */
  readonly effect: number;
  /** From 1. */
  readonly repetition: number;
}

export interface CheckRequest {
  /** How many A/A duets. */
  readonly same: number;
  /** How many duets of each slowdown. */
  readonly repetitions: number;
  /** Slowdowns, relative. */
  readonly effects: readonly number[];
}

/**
 * Every repetition of every case, taken in turn in proportion to their numbers: whatever is stopped early has all
 * cases about equally often.
 */
export function checkCases({ same, repetitions, effects }: CheckRequest): CheckCase[] {
  const wanted = [{ effect: 0, count: same }, ...effects.map((effect) => ({ effect, count: repetitions }))];
  return wanted
    .flatMap(({ effect, count }) =>
      Array.from({ length: count }, (_, i) => ({ effect, repetition: i + 1, share: (i + 0.5) / count })),
    )
    .toSorted((a, b) => a.share - b.share || a.effect - b.effect)
    .map(({ effect, repetition }) => ({ effect, repetition }));
}

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
