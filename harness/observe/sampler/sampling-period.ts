/**
 * Sampling may cost 1 % of one core: this much for the regular samples and this much for the detail readings. The rest
 * is for the timer, whose cost outside the sample is not seen: 0.1 to 0.2 ms each time it wakes the process.
 */
const SAMPLE_SHARE = 0.007;
const DETAIL_SHARE = 0.002;
/** So many samples decide: one that was preempted, or that found many new processes, does not. */
const WINDOW = 5;
/** A shorter period must be affordable with this much to spare, so that the two do not take turns. */
const SURELY = 0.9;

/**
 * Doubles the sampling period while sampling costs more than its share, and halves it again, down to what was asked
 * for, once the half would do as well.
 */
export class SamplingPeriod {
  readonly #shortestMs: number;
  #periodMs: number;
  #costsMs: number[] = [];

  constructor(periodMs: number) {
    this.#shortestMs = periodMs;
    this.#periodMs = periodMs;
  }

  get ms(): number {
    return this.#periodMs;
  }

  /** Takes the cost of one sample. */
  spent(costMs: number): void {
    this.#costsMs.push(costMs);
    if (this.#costsMs.length < WINDOW) return;
    const median = this.#costsMs.toSorted((a, b) => a - b)[Math.floor(WINDOW / 2)] ?? 0;
    this.#costsMs = [];
    const budgetMs = this.#periodMs * SAMPLE_SHARE;
    if (median > budgetMs) this.#periodMs *= 2;
    else if (median < SURELY * (budgetMs / 2))
      this.#periodMs = Math.max(this.#shortestMs, this.#periodMs / 2);
  }
}

/** Decides when the costly detail reading is due: once a second, or less often where it costs more than its share. */
export class DetailSchedule {
  #dueMs = 0;

  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueMs;
  }

  /** Takes the start and cost of a detail reading. */
  spent(startMs: number, costMs: number): void {
    this.#dueMs = startMs + Math.max(1000, costMs / DETAIL_SHARE);
  }
}
