/** The counters of one connection of the HTTP load tool: every request is completed, failed, or under way. */
import type { ErrorKind } from '../../results/schema/load.ts';
import type { Clock } from '../time/clock.ts';
import { exchangeErrorOf } from '../connection/errors.ts';
import type { Counters } from '../accounts/counters.ts';
import type { ConnectionEvents } from './autocannon.ts';

export interface HttpConnectionOptions {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly pipelining: number;
  /** Requests are sent at a set rate, so that the time from sending to answer is service time, not latency. */
  readonly paced: boolean;
}

export class HttpConnection implements ConnectionEvents {
  readonly #options: HttpConnectionOptions;
  #underWay = 0;
  /** Since when it has waited for the answer that is due next. */
  #waitingSinceMs = 0;
  #answered = false;

  constructor(options: HttpConnectionOptions) {
    this.#options = options;
    options.counters.connects.attempted += 1;
  }

  /** Whether the server has answered it at least once. */
  get answered(): boolean {
    return this.#answered;
  }

  request(): void {
    const { clock, counters, pipelining, paced } = this.#options;
    counters.exchanges.attempted += 1;
    // Without a rate it is sent at the moment of the last answer, whose time is known.
    if (this.#underWay === 0 && (paced || !this.#answered)) this.#waitingSinceMs = clock.now();
    this.#underWay += 1;
    // The tool does not tell of a connection that the server closed, but opens another and sends all anew.
    if (this.#underWay > pipelining)
      this.#fail(1, 'closed', 'the server closed the connection before it answered');
  }

  response(status: number, elapsedMs: number): void {
    const { clock, counters, paced } = this.#options;
    const nowMs = clock.now();
    const waitingSinceMs = this.#waitingSinceMs;
    this.#waitingSinceMs = nowMs;
    if (!this.#answered) this.#greet(nowMs);
    if (status < 200 || status > 299) {
      counters.count('non2xx', 1);
      this.#fail(1, 'answer', `the server answered with status ${status}`);
      return;
    }
    this.#underWay -= 1;
    counters.exchanges.completed += 1;
    counters.window.answered(waitingSinceMs, nowMs);
    if (!counters.window.records(nowMs - elapsedMs)) return;
    (paced ? counters.recorder.service : counters.recorder.latency).record(elapsedMs * 1000);
  }

  connError(error: Error): void {
    const { kind, message } = exchangeErrorOf(error);
    this.#fail(this.#underWay, kind, message);
  }

  timeout(): void {
    this.#fail(1, 'deadline', 'no whole answer in the time set for it');
  }

  /** No more will come. */
  end(nowMs: number): void {
    const { counters } = this.#options;
    counters.exchanges.inFlight += this.#underWay;
    this.#underWay = 0;
    if (this.#answered) counters.release(nowMs);
    else counters.connects.inFlight += 1;
  }

  /** The tool says nothing of a connection before its first answer, and that is when the server holds it. */
  #greet(nowMs: number): void {
    const { counters } = this.#options;
    this.#answered = true;
    counters.connects.completed += 1;
    counters.hold(nowMs);
  }

  #fail(requests: number, kind: ErrorKind, message: string): void {
    const { counters } = this.#options;
    for (let i = 0; i < requests; i += 1) counters.fail(counters.exchanges, kind, message);
    this.#underWay -= requests;
  }
}
