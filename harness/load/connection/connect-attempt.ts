/** One attempt to connect: its account, and the promise of how it ends. */
import type { ExchangeError } from '../../scenario/client.ts';
import type { Stopped } from '../client/stopped.ts';
import type { Tally } from '../accounts/counters.ts';

export class ConnectAttempt {
  readonly #tally: Tally;
  readonly #fromMs: number;
  readonly #over = Promise.withResolvers<void>();

  constructor(tally: Tally, fromMs: number) {
    this.#tally = tally;
    this.#fromMs = fromMs;
    tally.connects.attempted++;
  }

  /** Resolves when the connection is there. @throws ExchangeError, Stopped */
  get connected(): Promise<void> {
    return this.#over.promise;
  }

  succeeded(nowMs: number): void {
    this.#tally.connects.completed++;
    this.#tally.recorder.connect.record((nowMs - this.#fromMs) * 1000);
    this.#over.resolve();
  }

  failed(why: ExchangeError | Stopped): void {
    this.#tally.end(this.#tally.connects, why);
    // The scenario may have stopped waiting; the error has been counted all the same.
    this.#over.promise.catch(() => undefined);
    this.#over.reject(why);
  }
}
