/** One attempt to connect: its counters, its timeout, and the promise of how it ends. */
import { ExchangeError } from '../../scenario/client.ts';
import type { ErrorKind } from '../../results/schema/load.ts';
import type { Engine } from '../client/engine.ts';
import type { Stopped } from '../client/stopped.ts';
import { Timed } from '../time/timer-wheel.ts';
import type { ExchangeSlot, Limit } from './exchange-slot.ts';

export class ConnectAttempt extends Timed {
  readonly #engine: Engine;
  readonly #connection: ExchangeSlot;
  readonly #limitKind: ErrorKind;
  readonly #fromMs: number;
  readonly #over = Promise.withResolvers<void>();

  constructor(engine: Engine, connection: ExchangeSlot, limit: Limit) {
    super();
    this.#engine = engine;
    this.#connection = connection;
    this.#limitKind = limit.kind;
    this.#fromMs = engine.clock.now();
    engine.counters.connects.attempted++;
    if (limit.ms !== Infinity) engine.wheel.arm(this, this.#fromMs + limit.ms);
  }

  /** Resolves when the connection is there. @throws ExchangeError, Stopped */
  get connected(): Promise<void> {
    return this.#over.promise;
  }

  succeeded(nowMs: number): void {
    const { counters, wheel } = this.#engine;
    wheel.remove(this);
    counters.connects.completed++;
    counters.recorder.connect.record((nowMs - this.#fromMs) * 1000);
    this.#over.resolve();
  }

  failed(why: ExchangeError | Stopped): void {
    const { counters, wheel } = this.#engine;
    wheel.remove(this);
    counters.end(counters.connects, why);
    // The scenario may have stopped waiting; the error has been counted all the same.
    this.#over.promise.catch(() => undefined);
    this.#over.reject(why);
  }

  override onDue(): void {
    this.#connection.fail(new ExchangeError(this.#limitKind, 'no connection in the time set for it'));
  }
}
