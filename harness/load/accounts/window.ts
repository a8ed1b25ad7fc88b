/** The measured part of a trial, and how the clients spent it. */

/** Sums over all clients of one generator, of what lies inside the window. */
export interface WindowSums {
  /** Exchanges whose answer came inside the window. */
  readonly completed: number;
  /** Time that clients waited for answers, right or wrong, in ms. */
  readonly responseMs: number;
  /** Time that clients thought or slept, in ms: what they did, not what they asked for. */
  readonly thinkMs: number;
  /** Open loop: sends that were intended inside the window. */
  readonly offered: number;
}

/**
 * From the end of the warm-up to the end of the measuring, in the clock's ms.
 *
 * Stretches of time are cut at its edges, so that Σ response + Σ think can be compared with clients × window exactly
 * (Little's law), however long single exchanges are.
 */
export class MeasuredWindow implements WindowSums {
  fromMs = -Infinity;
  untilMs = Infinity;
  completed = 0;
  responseMs = 0;
  thinkMs = 0;
  offered = 0;

  /** True where an exchange that was sent, or meant to be sent, at `atMs` is recorded. */
  records(atMs: number): boolean {
    return atMs >= this.fromMs && atMs <= this.untilMs;
  }

  /** A client waited for an answer, which came. */
  answered(sentMs: number, nowMs: number): void {
    if (nowMs >= this.fromMs && nowMs <= this.untilMs) this.completed++;
    this.waited(sentMs, nowMs);
  }

  /** A client waited for an answer, which was not what it had asked for. */
  waited(sentMs: number, nowMs: number): void {
    this.responseMs += this.#inside(sentMs, nowMs);
  }

  /** A client thought or slept. */
  thought(fromMs: number, nowMs: number): void {
    this.thinkMs += this.#inside(fromMs, nowMs);
  }

  /** A send was due at `atMs`. */
  intended(atMs: number): void {
    if (this.records(atMs)) this.offered++;
  }

  #inside(fromMs: number, untilMs: number): number {
    const from = fromMs > this.fromMs ? fromMs : this.fromMs;
    const until = untilMs < this.untilMs ? untilMs : this.untilMs;
    return until > from ? until - from : 0;
  }
}
