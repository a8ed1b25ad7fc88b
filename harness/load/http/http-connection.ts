/** The accounts of one connection of the HTTP load tool: every request is completed, failed, or under way. */
import type { ErrorKind } from '../../scenario/client.ts';
import type { Clock } from '../time/clock.ts';
import { exchangeErrorOf } from '../connection/errors.ts';
import type { Tally } from '../accounts/counters.ts';
import type { ConnectionEvents } from './autocannon.ts';

export interface HttpConnectionOptions {
  readonly clock: Clock;
  readonly tally: Tally;
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
    options.tally.connects.attempted += 1;
  }

  /** Whether the server has answered it at least once. */
  get answered(): boolean {
    return this.#answered;
  }

  request(): void {
    const { clock, tally, pipelining, paced } = this.#options;
    tally.exchanges.attempted += 1;
    // Without a rate it is sent at the moment of the last answer, whose time is known.
    if (this.#underWay === 0 && (paced || !this.#answered)) this.#waitingSinceMs = clock.now();
    this.#underWay += 1;
    // The tool does not tell of a connection that the server closed, but opens another and sends all anew.
    if (this.#underWay > pipelining)
      this.#fail(1, 'closed', 'the server closed the connection before it answered');
  }

  response(status: number, elapsedMs: number): void {
    const { clock, tally, paced } = this.#options;
    const nowMs = clock.now();
    const waitingSinceMs = this.#waitingSinceMs;
    this.#waitingSinceMs = nowMs;
    if (!this.#answered) this.#greet(nowMs);
    if (status < 200 || status > 299) {
      tally.count('non2xx', 1);
      this.#fail(1, 'answer', `the server answered with status ${status}`);
      return;
    }
    this.#underWay -= 1;
    tally.exchanges.completed += 1;
    tally.window.answered(waitingSinceMs, nowMs);
    if (!tally.window.records(nowMs - elapsedMs)) return;
    (paced ? tally.recorder.service : tally.recorder.latency).record(elapsedMs * 1000);
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
    const { tally } = this.#options;
    tally.exchanges.inFlight += this.#underWay;
    this.#underWay = 0;
    if (this.#answered) tally.release(nowMs);
    else tally.connects.inFlight += 1;
  }

  /** The tool says nothing of a connection before its first answer, and that is when the server holds it. */
  #greet(nowMs: number): void {
    const { tally } = this.#options;
    this.#answered = true;
    tally.connects.completed += 1;
    tally.hold(nowMs);
  }

  #fail(requests: number, kind: ErrorKind, message: string): void {
    const { tally } = this.#options;
    for (let i = 0; i < requests; i += 1) tally.fail(tally.exchanges, kind, message);
    this.#underWay -= requests;
  }
}
