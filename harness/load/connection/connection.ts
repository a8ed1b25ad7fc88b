/**
 * One connection of a synthetic client: from the attempt to the end of the socket, with exact accounts on the way.
 *
 * What its bytes mean is its reader's business (reader.ts); what is asked, and when, that of its asker (exchange-once.ts,
 * exchange-loop.ts).
 */
import { ExchangeError, type ErrorKind } from '../../scenario/client.ts';
import type { Asker, Limit, Target } from './exchange-handler.ts';
import { ConnectAttempt } from './connect-attempt.ts';
import type { Engine } from '../client/engine.ts';
import { exchangeErrorOf } from './errors.ts';
import { OneWay } from './one-way.ts';
import { FrameReader, RawReader, type Reader, type ReaderSink } from './reader.ts';
import type { ClientSocket, SocketOwner } from '../sockets/sockets.ts';
import { Stopped } from '../client/stopped.ts';
import { Timed } from '../time/timer-wheel.ts';

/** How long a closing connection waits for the peer's end, in ms. */
const CLOSE_MS = 2000;

/** Made once: an error costs as much as a connection, and closing is no error. */
const CLOSED_BY_CLIENT = new ExchangeError('closed', 'the client itself closed the connection');

type Wait = 'connect' | 'answer' | 'pause' | 'close' | 'nothing';

export class ServerConnection extends Timed implements ReaderSink, SocketOwner {
  readonly #engine: Engine;
  readonly #socket: ClientSocket;
  readonly #reader: Reader;
  #wait: Wait = 'nothing';
  #overKind: ErrorKind = 'deadline';
  #attempt: ConnectAttempt | undefined;
  #asker: Asker | undefined;
  #asking = false;
  #sentMs: number;
  #intendedMs = 0;
  /** When the bytes came that are being read. */
  #readMs = 0;
  #held = false;
  #oneWay: OneWay | undefined;
  /** Why nothing more can be asked; set once. */
  #end: ExchangeError | Stopped | undefined;
  #onClosed: (() => void) | undefined;

  /** Starts the attempt; `connected()` tells how it ends. */
  constructor(engine: Engine, target: Target) {
    super();
    this.#engine = engine;
    this.#reader = target.framing === 'frames' ? new FrameReader(this) : new RawReader(this);
    this.#sentMs = engine.clock.now();
    this.#attempt = new ConnectAttempt(engine.tally, this.#sentMs);
    this.#socket = engine.sockets.connect(this, target.host, target.port);
  }

  /** Resolves when the connection is there. Called once, at once. @throws ExchangeError, Stopped */
  connected(limit: Limit): Promise<void> {
    this.#waitUntil('connect', this.#sentMs + limit.ms, limit.kind);
    return (this.#attempt as ConnectAttempt).connected;
  }

  /** False once nothing more can be asked. */
  get open(): boolean {
    return this.#end === undefined;
  }

  /** True once the descriptor is free, or about to be. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** True while an exchange or a loop of exchanges is under way. */
  get busy(): boolean {
    return this.#asker !== undefined;
  }

  /** The messages that belong to no exchange. */
  get oneWay(): OneWay {
    if (this.#oneWay === undefined) {
      this.#oneWay = new OneWay(this.#socket);
      if (this.#end) this.#oneWay.ended(this.#end);
    }
    return this.#oneWay;
  }

  /**
   * Sends a request whose answer goes to `asker`.
   *
   * @param wantedBytes raw framing: length of the answer
   * @param intendedMs when it was meant to be sent; latency counts from it
   */
  ask(
    asker: Asker,
    request: Uint8Array,
    wantedBytes: number,
    intendedMs: number,
    nowMs: number,
    limit: Limit,
  ): void {
    const { tally } = this.#engine;
    tally.exchanges.attempted++;
    this.#asker = asker;
    if (this.#end) {
      this.#failExchange(this.#end);
      return;
    }
    this.#asking = true;
    this.#sentMs = nowMs;
    this.#intendedMs = intendedMs;
    this.#reader.expect(request, wantedBytes);
    if (limit.ms !== Infinity) this.#waitUntil('answer', nowMs + limit.ms, limit.kind);
    tally.bytesSent += request.length;
    this.#socket.post(request);
  }

  /** Calls `asker.resumed` at `untilMs`. */
  pause(asker: Asker, untilMs: number): void {
    this.#asker = asker;
    if (this.#end instanceof Stopped) asker.failed(this.#end);
    else this.#waitUntil('pause', untilMs, 'deadline');
  }

  /** The asker has no more to ask. */
  rest(): void {
    this.#asker = undefined;
  }

  /** Sends what nobody waits for an answer to. Resolves when there is room for more. @throws what ended the connection */
  send(message: Uint8Array): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    this.#engine.tally.bytesSent += message.length;
    return this.#socket.send(message) ? Promise.resolve() : this.oneWay.room();
  }

  /**
   * Closes in order. Where the server only ever answers, nothing can be on its way any more, and the descriptor is
   * freed at once. Where it also speaks unasked, closing at once could reset the connection under its hands: then the
   * client half-closes and waits for the peer's end, 2 s at most.
   */
  close(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    const quiet = this.#oneWay === undefined && !this.busy && this.#socket.pendingBytes === 0;
    this.#finish(CLOSED_BY_CLIENT);
    if (quiet) {
      this.#socket.destroy();
      return Promise.resolve();
    }
    this.#waitUntil('close', this.#engine.clock.now() + CLOSE_MS, 'deadline');
    this.#socket.end();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  /** Ends it at once. */
  stop(reason: Stopped): void {
    this.#finish(reason);
    this.#socket.destroy();
  }

  override onDue(nowMs: number): void {
    const wait = this.#wait;
    this.#wait = 'nothing';
    if (wait === 'pause') this.#asker?.resumed(nowMs);
    else if (wait === 'close') this.#socket.destroy();
    else if (wait === 'connect')
      this.#fail(new ExchangeError(this.#overKind, 'no connection in the time set for it'));
    else if (wait === 'answer')
      this.#fail(new ExchangeError(this.#overKind, 'no whole answer in the time set for it'));
  }

  onAnswer(bytes: Uint8Array, start: number, end: number): void {
    const { tally } = this.#engine;
    const nowMs = this.#readMs;
    const asker = this.#asker as Asker;
    this.#settle();
    if (!asker.take(bytes, start, end)) {
      this.#failExchange(new ExchangeError('mismatch', 'the answer is not what had to come back'));
      return;
    }
    tally.answered(this.#sentMs, this.#intendedMs, nowMs, asker.openLoop);
    if (!this.#held) this.#hold(nowMs);
    asker.answered(nowMs);
  }

  onRefusal(error: ExchangeError): void {
    if (this.#asking) {
      this.#settle();
      this.#failExchange(error);
    } else {
      // Said unasked, before the server closes: it answers whatever is asked next.
      this.#finish(error);
    }
  }

  onLoose(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#held) this.#hold(this.#readMs);
    this.oneWay.loose.push(bytes, start, end);
  }

  onBroken(error: ExchangeError): void {
    this.#fail(error);
  }

  onConnected(nowMs: number): void {
    this.#engine.wheel.disarm(this);
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.succeeded(nowMs);
  }

  onBytes(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    this.#engine.tally.bytesReceived += end - start;
    this.#readMs = nowMs;
    // Bytes may still come after the end was decided on: they answer nothing.
    if (this.#end === undefined) this.#reader.push(bytes, start, end);
    return this.#oneWay === undefined || this.#oneWay.mayRead();
  }

  #hold(nowMs: number): void {
    this.#held = true;
    this.#engine.tally.hold(nowMs);
  }

  #waitUntil(wait: Wait, dueMs: number, overKind: ErrorKind): void {
    this.#wait = wait;
    this.#overKind = overKind;
    if (dueMs !== Infinity) this.#engine.wheel.arm(this, dueMs);
  }

  /** The exchange under way is no longer. */
  #settle(): void {
    this.#asking = false;
    if (this.dueMs !== Infinity) this.#engine.wheel.disarm(this);
  }

  #fail(error: ExchangeError): void {
    this.#finish(error);
    this.#socket.destroy();
  }

  /** Counts the exchange under way as failed, or as in flight, and tells its asker. */
  #failExchange(error: ExchangeError | Stopped): void {
    const { tally } = this.#engine;
    tally.end(tally.exchanges, error);
    const asker = this.#asker;
    this.#asker = undefined;
    asker?.failed(error);
  }

  /** Nothing more can be asked, because of `error`, which ends what is under way. */
  #finish(error: ExchangeError | Stopped): void {
    const { clock, tally, wheel } = this.#engine;
    this.#end ??= error;
    if (this.#held) tally.release(clock.now());
    this.#held = false;
    this.#oneWay?.ended(error);
    // A client that pauses finds out when it asks again, as it would in life.
    if (this.#wait !== 'pause' || error instanceof Stopped) wheel.remove(this);
    const attempt = this.#attempt;
    this.#attempt = undefined;
    if (attempt) {
      attempt.failed(error);
    } else if (this.#asking) {
      this.#settle();
      this.#failExchange(error);
    } else if (this.#wait === 'pause' && error instanceof Stopped) {
      this.#asker?.failed(error);
    }
  }

  onDrained(): void {
    this.#oneWay?.drained();
  }

  onSocketError(error: Error): void {
    this.#fail(exchangeErrorOf(error));
  }

  onSocketClosed(): void {
    if (this.#end === undefined) {
      const where = this.#reader.partial ? 'in the middle of a message' : 'before it answered';
      this.#finish(new ExchangeError('closed', `the server closed the connection ${where}`));
    }
    if (this.#wait === 'close') this.#engine.wheel.remove(this);
    this.#oneWay?.closed(this.#end ?? CLOSED_BY_CLIENT);
    this.#onClosed?.();
  }
}
