/** The API of a connection that is available to scenarios. */
import {
  type Connection,
  ExchangeError,
  type ExchangeLoop,
  type ExchangeOptions,
} from '../../scenario/client.ts';
import type { ServerConnection } from '../connection/connection.ts';
import type { Limit } from '../connection/exchange-slot.ts';
import type { Carrier } from '../time/pacing.ts';
import { Timeout } from '../time/timeout.ts';
import type { Engine } from './engine.ts';
import { LoopRun, SingleExchange } from './exchanges.ts';

/** The time that options allow, and what it is called when it is over. */
export function limitOf(options: { readonly deadlineMs?: number; readonly patienceMs?: number }): Limit {
  const { deadlineMs = Infinity, patienceMs = Infinity } = options;
  return patienceMs <= deadlineMs && patienceMs !== Infinity
    ? { ms: patienceMs, kind: 'patience' }
    : { ms: deadlineMs, kind: 'deadline' };
}

export class ClientConnection implements Connection {
  readonly #engine: Engine;
  readonly #connection: ServerConnection;
  readonly #carrier: Carrier;

  constructor(engine: Engine, connection: ServerConnection, carrier: Carrier) {
    this.#engine = engine;
    this.#connection = connection;
    this.#carrier = carrier;
  }

  exchange(request: Uint8Array, options: ExchangeOptions = {}): Promise<Uint8Array> {
    const connection = this.#idle();
    const exchange = new SingleExchange(connection);
    const nowMs = this.#engine.clock.now();
    connection.ask(exchange, request, options.replyBytes ?? request.length, nowMs, nowMs, limitOf(options));
    return exchange.answer;
  }

  async exchanges(loop: ExchangeLoop): Promise<void> {
    await new LoopRun(this.#engine, this.#idle(), loop, limitOf(loop), this.#carrier).run();
  }

  send(message: Uint8Array): Promise<void> {
    return this.#connection.send(message);
  }

  receive(options: { readonly deadlineMs?: number } = {}): Promise<Uint8Array | undefined> {
    const { oneWay } = this.#connection;
    const { wheel, clock } = this.#engine;
    return new Promise((settle, fail) => {
      const timeout = new Timeout(() => {
        oneWay.giveUp();
        fail(new ExchangeError('deadline', 'no message in the time set for it'));
      });
      if (options.deadlineMs !== undefined) wheel.arm(timeout, clock.now() + options.deadlineMs);
      oneWay.receive({
        settle: (message) => {
          wheel.remove(timeout);
          settle(message);
        },
        fail: (error) => {
          wheel.remove(timeout);
          fail(error);
        },
      });
    });
  }

  subscribe(onMessage: (message: Uint8Array) => void): void {
    this.#connection.oneWay.subscribe(onMessage);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #idle(): ServerConnection {
    if (this.#connection.busy) {
      throw new Error('an exchange is under way on this connection; wait for it, or open another connection');
    }
    return this.#connection;
  }
}
