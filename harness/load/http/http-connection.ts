/** The counters of one connection of the HTTP load tool: every request is completed, failed, or under way. */
import type { Socket } from 'node:net';
import { ExchangeError } from '../../scenario/client.ts';
import type { HttpLoad } from '../../scenario/scenario.ts';
import type { Counters } from '../accounts/counters.ts';
import { exchangeErrorOf } from '../connection/errors.ts';
import { monotonicClock } from '../time/clock.ts';
import { faultOf, isInformational } from './answer.ts';
import type { AnswerHead, ToolClient, ToolParser } from './autocannon.ts';

const NOT_ANSWERED: AnswerHead = { statusCode: 0, statusMessage: '', shouldKeepAlive: true };

export class HttpConnection {
  readonly #client: ToolClient;
  readonly #counters: Counters;
  readonly #expected: string | undefined;
  /** Requests are sent at a set rate, so that the time from sending to answer is service time, not latency. */
  readonly #paced: boolean;
  #socket: Socket | undefined;
  #underWay = 0;
  /** Since when it has waited for the answer that is due next. */
  #waitingSinceMs = 0;
  /** The answer that came last. */
  #head = NOT_ANSWERED;
  #body = '';
  /** The server has answered on this socket. */
  #answered = false;
  /** The server has answered on this socket, and has not said that it will close it. */
  #held = false;
  /** The server has said that it will close this socket. */
  #closing = false;
  /** What is known of the end of this socket. */
  #broken: ExchangeError | undefined;
  /** Whether the server has answered it rightly at least once. */
  served = false;

  constructor(client: ToolClient, counters: Counters, { expectBody, ratePerSecond }: HttpLoad) {
    this.#client = client;
    this.#counters = counters;
    this.#expected = expectBody;
    this.#paced = ratePerSecond !== undefined;
    counters.connects.attempted += 1;
    client.on('request', () => this.#sent());
    client.on('headers', (head: AnswerHead) => (this.#head = head));
    client.on('response', (_status: number, _bytes: number, elapsedMs: number) => this.#came(elapsedMs));
    client.on('connError', (error: Error) => (this.#broken ??= exchangeErrorOf(error)));
  }

  /** No more will come. */
  end(nowMs: number): void {
    this.#followSocket();
    this.#counters.exchanges.inFlight += this.#underWay;
    this.#underWay = 0;
    this.#release(nowMs);
    if (!this.#answered) this.#counters.connects.inFlight += 1;
  }

  /** A request is being handed to the socket. */
  #sent(): void {
    this.#followSocket();
    this.#counters.exchanges.attempted += 1;
    // Without a rate it is sent at the moment of the last answer, whose time is known.
    if (this.#underWay === 0 && (this.#paced || this.#waitingSinceMs === 0))
      this.#waitingSinceMs = monotonicClock.now();
    this.#underWay += 1;
  }

  /** The tool tells of its sockets only by using another: accounts for what the last one left. */
  #followSocket(): void {
    const { conn, parser, pipelinedRequests } = this.#client;
    if (conn === this.#socket) return;
    if (this.#socket) {
      retire(this.#socket);
      this.#settle(pipelinedRequests.size());
      pipelinedRequests.clear();
      parser.reinitialize(parser.type);
    } else this.#correct(parser);
    this.#socket = conn;
    // The end of a connection may be the end of an answer. Told before the tool hears of it and opens another.
    conn.prependListener('end', () => void parser.finish());
  }

  /** @param queued requests that the tool still waits for: none where it gave up waiting */
  #settle(queued: number): void {
    const counters = this.#counters;
    if (this.#broken?.kind !== 'protocol' && this.#closing) {
      // They were sent after the server had said that it would close, or behind the request that it did answer: they
      // were never its to answer, and the tool sends them again (RFC 9112, section 9.6).
      counters.exchanges.attempted -= this.#underWay;
      this.#underWay = 0;
      counters.count('reconnects', 1);
    } else if (this.#underWay > 0) {
      const why =
        this.#broken ??
        (queued < this.#underWay
          ? new ExchangeError('deadline', 'no whole answer in the time set for it')
          : new ExchangeError('closed', 'the server closed the connection before its answer was complete'));
      while (this.#underWay > 0) this.#fail(why);
    }
    this.#release(monotonicClock.now());
    if (this.#answered) counters.connects.attempted += 1;
    this.#answered = false;
    this.#closing = false;
    this.#broken = undefined;
  }

  /** Mends what the tool makes of informational answers, of answers that nobody asked for, and of what is not HTTP. */
  #correct(parser: ToolParser): void {
    const { pipelinedRequests } = this.#client;
    const { kOnMessageComplete } = parser.constructor as unknown as { readonly kOnMessageComplete: number };
    const complete = parser[kOnMessageComplete]?.bind(parser);
    parser[kOnMessageComplete] = () => {
      if (isInformational(this.#head)) {
        this.#counters.count('informational', 1);
        return;
      }
      const oldest = pipelinedRequests.peek();
      if (!oldest) throw new ExchangeError('protocol', 'an answer came that nobody had asked for');
      this.#body = oldest.body;
      complete?.();
    };
    const execute = parser.execute.bind(parser);
    parser.execute = (chunk) => {
      const fault = executed(execute, chunk);
      if (!fault) return;
      this.#broken ??= fault;
      // oxlint-disable-next-line no-underscore-dangle -- the tool's own name
      this.#client._resetConnection();
    };
  }

  /** The whole response to the oldest request has come. @param elapsedMs since that request was sent */
  #came(elapsedMs: number): void {
    const counters = this.#counters;
    const nowMs = monotonicClock.now();
    const waitingSinceMs = this.#waitingSinceMs;
    this.#waitingSinceMs = nowMs;
    this.#closing ||= !this.#head.shouldKeepAlive;
    if (!this.#answered) this.#greet(nowMs);
    const fault = faultOf(this.#head, this.#body, this.#expected);
    if (fault) {
      if (fault.kind !== 'mismatch') counters.count('non2xx', 1);
      counters.window.waited(waitingSinceMs, nowMs);
      this.#fail(fault);
      return;
    }
    this.served = true;
    this.#underWay -= 1;
    counters.exchanges.completed += 1;
    counters.window.answered(waitingSinceMs, nowMs);
    if (!counters.window.records(nowMs - elapsedMs)) return;
    (this.#paced ? counters.recorder.service : counters.recorder.latency).record(elapsedMs * 1000);
  }

  /** The tool says nothing of a connection before its first answer, and that is when the server holds it. */
  #greet(nowMs: number): void {
    this.#answered = true;
    this.#counters.connects.completed += 1;
    if (this.#closing) return;
    this.#held = true;
    this.#counters.hold(nowMs);
  }

  #release(nowMs: number): void {
    if (this.#held) this.#counters.release(nowMs);
    this.#held = false;
  }

  #fail({ kind, message }: ExchangeError): void {
    this.#counters.fail(this.#counters.exchanges, kind, message);
    this.#underWay -= 1;
  }
}

/** What a parser found wrong with some bytes. */
function executed(execute: ToolParser['execute'], chunk: Buffer): ExchangeError | undefined {
  try {
    const result = execute(chunk);
    if (!(result instanceof Error)) return undefined;
    return new ExchangeError('protocol', `the answer is not HTTP (${result.message})`, { cause: result });
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
}

/** A socket that is no longer used says nothing more: the tool would open a connection for its last error, too. */
function retire(socket: Socket): void {
  for (const event of ['error', 'end', 'data']) socket.removeAllListeners(event);
  socket.on('error', () => undefined);
  socket.destroy();
}
