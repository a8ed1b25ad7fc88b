/**
 * Sampling may cost 1 % of one core: these shares for regular samples and detail readings, and 0.1 % for readings of PSS
 * (pss-readings.ts). The rest covers the timer's wake-ups, whose cost is not measured: 0.1 to 0.2 ms each.
 */
const SAMPLE_SHARE = 0.007;
const DETAIL_SHARE = 0.001;
/** The median of this many samples decides, so that one preempted sample does not. */
const WINDOW = 5;
/** Hysteresis: the shorter period must cost at most this share of its budget, to prevent oscillation. */
const SURELY = 0.9;

/** Doubles the sampling period while sampling exceeds its budget; halves it again when affordable. */
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

/** Schedules the costly detail reading: once a second, or less often if that would exceed its share. */
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
