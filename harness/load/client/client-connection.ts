/** The face of a connection that a scenario sees. */
import {
  ExchangeError,
  type Connection,
  type ExchangeLoop,
  type ExchangeOptions,
} from '../../scenario/client.ts';
import type { Limit } from '../connection/exchange-handler.ts';
import type { ServerConnection } from '../connection/connection.ts';
import type { Engine } from './engine.ts';
import { LoopRun } from './exchanges.ts';
import { ExchangeOnce } from './exchange-once.ts';
import type { Carrier } from '../time/pacing.ts';
import { Call } from '../time/timeout.ts';

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
    const once = new ExchangeOnce(() => connection.rest());
    const nowMs = this.#engine.clock.now();
    connection.ask(once, request, options.replyBytes ?? request.length, nowMs, nowMs, limitOf(options));
    return once.answer;
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
      const alarm = new Call(() => {
        oneWay.loose.giveUp();
        fail(new ExchangeError('deadline', 'no message in the time set for it'));
      });
      if (options.deadlineMs !== undefined) wheel.arm(alarm, clock.now() + options.deadlineMs);
      oneWay.loose.receive({
        settle: (message) => {
          wheel.remove(alarm);
          oneWay.resume();
          settle(message);
        },
        fail: (error) => {
          wheel.remove(alarm);
          fail(error);
        },
      });
    });
  }

  subscribe(onMessage: (message: Uint8Array) => void): void {
    const { oneWay } = this.#connection;
    oneWay.loose.subscribe(onMessage);
    oneWay.resume();
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
