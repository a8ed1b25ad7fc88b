/** The counters of one connection of the HTTP load tool: every request is completed, failed, or under way. */
import type { EventEmitter } from 'node:events';
import type { ErrorKind } from '../../results/schema/load.ts';
import type { HttpLoad } from '../../scenario/scenario.ts';
import type { Counters } from '../accounts/counters.ts';
import { exchangeErrorOf } from '../connection/errors.ts';
import { monotonicClock } from '../time/clock.ts';

export class HttpConnection {
  readonly #counters: Counters;
  readonly #pipelining: number;
  /** Requests are sent at a set rate, so that the time from sending to answer is service time, not latency. */
  readonly #paced: boolean;
  #underWay = 0;
  /** Since when it has waited for the answer that is due next. */
  #waitingSinceMs = 0;
  /** Whether the server has answered it at least once. */
  answered = false;

  /** @param client one of the tool's connections, which it opens again whenever it ends */
  constructor(client: EventEmitter, counters: Counters, { pipelining, ratePerSecond }: HttpLoad) {
    this.#counters = counters;
    this.#pipelining = pipelining;
    this.#paced = ratePerSecond !== undefined;
    counters.connects.attempted += 1;
    client.on('request', () => this.#sent());
    client.on('response', (status: number, _bytes: number, elapsedMs: number) =>
      this.#came(status, elapsedMs),
    );
    // The connection broke, or could not be made.
    client.on('connError', (error: Error) => {
      const { kind, message } = exchangeErrorOf(error);
      this.#fail(this.#underWay, kind, message);
    });
    // Told for each request that was given up, after the connection was opened again.
    client.on('timeout', () => this.#fail(1, 'deadline', 'no whole answer in the time set for it'));
  }

  /** No more will come. */
  end(nowMs: number): void {
    this.#counters.exchanges.inFlight += this.#underWay;
    this.#underWay = 0;
    if (this.answered) this.#counters.release(nowMs);
    else this.#counters.connects.inFlight += 1;
  }

  /** A request was handed to the socket. */
  #sent(): void {
    this.#counters.exchanges.attempted += 1;
    // Without a rate it is sent at the moment of the last answer, whose time is known.
    if (this.#underWay === 0 && (this.#paced || !this.answered)) this.#waitingSinceMs = monotonicClock.now();
    this.#underWay += 1;
    // The tool does not tell of a connection that the server closed, but opens another and sends all anew.
    if (this.#underWay > this.#pipelining)
      this.#fail(1, 'closed', 'the server closed the connection before it answered');
  }

  /** The whole response to the oldest request has come. @param elapsedMs since that request was sent */
  #came(status: number, elapsedMs: number): void {
    const counters = this.#counters;
    const nowMs = monotonicClock.now();
    const waitingSinceMs = this.#waitingSinceMs;
    this.#waitingSinceMs = nowMs;
    if (!this.answered) this.#greet(nowMs);
    if (status < 200 || status > 299) {
      counters.count('non2xx', 1);
      this.#fail(1, 'answer', `the server answered with status ${status}`);
      return;
    }
    this.#underWay -= 1;
    counters.exchanges.completed += 1;
    counters.window.answered(waitingSinceMs, nowMs);
    if (!counters.window.records(nowMs - elapsedMs)) return;
    (this.#paced ? counters.recorder.service : counters.recorder.latency).record(elapsedMs * 1000);
  }

  /** The tool says nothing of a connection before its first answer, and that is when the server holds it. */
  #greet(nowMs: number): void {
    this.answered = true;
    this.#counters.connects.completed += 1;
    this.#counters.hold(nowMs);
  }

  #fail(requests: number, kind: ErrorKind, message: string): void {
    const counters = this.#counters;
    for (let i = 0; i < requests; i += 1) counters.fail(counters.exchanges, kind, message);
    this.#underWay -= requests;
  }
}
