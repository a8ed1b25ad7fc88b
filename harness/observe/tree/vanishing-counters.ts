/**
 * The sum of counters whose owners come and go, such as context switches of threads: an owner that vanished keeps
 * what it had when last seen, and one that counts less than before is a new owner with the old one's number.
 */
export class VanishingCounters {
  #live: ReadonlyMap<number, number> = new Map();
  #vanished = 0;

  /** Takes the present counters by owner and returns the sum over all owners that ever were. */
  update(counters: ReadonlyMap<number, number>): number {
    for (const [owner, last] of this.#live) {
      const now = counters.get(owner);
      if (now === undefined || now < last) this.#vanished += last;
    }
    this.#live = counters;
    let sum = this.#vanished;
    for (const count of counters.values()) sum += count;
    return sum;
  }
}
