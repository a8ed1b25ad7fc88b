/** How long clients paused, against how long they were to: a timer wakes them a little late, which no server can help. */

/** Sums over clients. */
export interface PauseSums {
  /** Pauses that came to their end. */
  readonly count: number;
  /** What they were to last, in ms … */
  readonly askedMs: number;
  /** … and what they lasted. */
  readonly sleptMs: number;
}

export class Pauses implements PauseSums {
  count = 0;
  askedMs = 0;
  sleptMs = 0;
  readonly #first: number;
  /** What the pauses of each client lasted beyond what was asked, in ms: one array, as a client is to cost few bytes. */
  readonly #lateMs: Float64Array;

  /** @param first index of the first of `clients` clients */
  constructor(first: number, clients: number) {
    this.#first = first;
    this.#lateMs = new Float64Array(clients);
  }

  /** A pause of a client is over. */
  over(client: number, askedMs: number, sleptMs: number): void {
    this.count++;
    this.askedMs += askedMs;
    this.sleptMs += sleptMs;
    const i = client - this.#first;
    this.#lateMs[i] = (this.#lateMs[i] as number) + sleptMs - askedMs;
  }

  /** By how much all pauses of a client lasted longer than asked, in ms. */
  lateMsOf(client: number): number {
    return this.#lateMs[client - this.#first] ?? 0;
  }

  /** The sums as data. */
  read(): PauseSums {
    return { count: this.count, askedMs: this.askedMs, sleptMs: this.sleptMs };
  }
}
