/** The cases of a check of the verdict: duets whose right answer is known, in the order in which they are made. */

/** One duet whose answer is known. */
export interface CheckCase {
  /** Injected slow-down of CPU per exchange, relative: 0 for an A/A, 0.05 for 5 %. */
  readonly effect: number;
  /** From 1. */
  readonly repetition: number;
}

export interface CheckRequest {
  /** How many A/A duets. */
  readonly same: number;
  /** How many duets of each slow-down. */
  readonly repetitions: number;
  /** Slow-downs, relative. */
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
