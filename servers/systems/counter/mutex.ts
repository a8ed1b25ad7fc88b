/**
 * A mutex in memory that threads share: the second one of U. Drepper, "Futexes Are Tricky" (2011), over `Atomics`.
 * (`worker_threads.locks` of Node 24 let two threads in at once when it was tried.)
 */

const FREE = 0;
const HELD = 1;
/** Held, and somebody may sleep until it is free. */
const WANTED = 2;

export class Mutex {
  readonly #cells: Int32Array;
  readonly #at: number;

  /** @param at the cell that it lies in, zero at first */
  constructor(cells: Int32Array, at: number) {
    this.#cells = cells;
    this.#at = at;
  }

  /** Blocks this thread until the mutex is its own. @returns false when the deadline was over first */
  lock(deadlineMs: number): boolean {
    const cells = this.#cells;
    const at = this.#at;
    let state = Atomics.compareExchange(cells, at, FREE, HELD);
    if (state === FREE) return true;
    const untilMs = performance.now() + deadlineMs;
    if (state !== WANTED) state = Atomics.exchange(cells, at, WANTED);
    while (state !== FREE) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0 || Atomics.wait(cells, at, WANTED, leftMs) === 'timed-out') return false;
      state = Atomics.exchange(cells, at, WANTED);
    }
    return true;
  }

  /** Only for who holds it. */
  unlock(): void {
    if (Atomics.sub(this.#cells, this.#at, 1) === HELD) return;
    Atomics.store(this.#cells, this.#at, FREE);
    Atomics.notify(this.#cells, this.#at, 1);
  }
}
