/** One attempt to connect: its counters, its timeout, and the promise of how it ends. */
import { ExchangeError } from '../../scenario/client.ts';
import type { Engine } from '../client/engine.ts';
import type { Stopped } from '../client/stopped.ts';
import { Timeout } from '../time/timeout.ts';
import type { ExchangeSlot, Limit } from './exchange-slot.ts';

export class ConnectAttempt {
  readonly #engine: Engine;
  readonly #fromMs: number;
  readonly #timeout: Timeout | undefined;
  readonly #over = Promise.withResolvers<void>();

  constructor(engine: Engine, connection: ExchangeSlot, { ms, kind }: Limit) {
    this.#engine = engine;
    this.#fromMs = engine.clock.now();
    engine.counters.connects.attempted++;
    if (ms === Infinity) return;
    this.#timeout = new Timeout(() =>
      connection.fail(new ExchangeError(kind, 'no connection in the time set for it')),
    );
    engine.wheel.arm(this.#timeout, this.#fromMs + ms);
  }

  /** Resolves when the connection is there. @throws ExchangeError, Stopped */
  get connected(): Promise<void> {
    return this.#over.promise;
  }

  succeeded(nowMs: number): void {
    const { connects, recorder } = this.#engine.counters;
    if (this.#timeout) this.#engine.wheel.remove(this.#timeout);
    connects.completed++;
    recorder.connect.record((nowMs - this.#fromMs) * 1000);
    this.#over.resolve();
  }

  failed(why: ExchangeError | Stopped): void {
    const { counters, wheel } = this.#engine;
    if (this.#timeout) wheel.remove(this.#timeout);
    counters.end(counters.connects, why);
    // The scenario may have stopped waiting; the error has been counted all the same.
    this.#over.promise.catch(() => undefined);
    this.#over.reject(why);
  }
}
