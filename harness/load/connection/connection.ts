/** One connection of a synthetic client, from the attempt to the end of the socket: what a scenario is handed. */
import {
  type Connection,
  ExchangeError,
  type ExchangeLoop,
  type ExchangeOptions,
  type Framing,
} from '../../scenario/client.ts';
import type { ErrorKind } from '../../results/schema/load.ts';
import type { Engine } from '../client/engine.ts';
import type { ClientSocket, SocketOwner } from '../sockets/sockets.ts';
import type { Carrier } from '../time/pacing.ts';
import { Timeout, type Stopped } from '../time/timeout.ts';
import { exchangeErrorOf, rejectUnawaited } from './errors.ts';
import { ExchangeSlot, limitOf, type TimeLimits } from './exchange-slot.ts';
import { LoopRun, SingleExchange } from './exchanges.ts';
import { OneWay } from './one-way.ts';
import { FrameReader, RawReader, type Reader, type ReaderSink } from './reader.ts';

/** Made once: an error costs as much as a connection, and closing is no error. */
const CLOSED_BY_CLIENT = new ExchangeError('closed', 'the client itself closed the connection');

const UNASKED = new ExchangeError('protocol', 'bytes came before anything was asked');

/** So long the peer has to end its side after this one has ended, in ms; then the socket is closed. */
const CLOSE_MS = 2000;

/** Where a connection goes, how it speaks, and how long the attempt may take. */
export interface Target extends TimeLimits {
  readonly host: string;
  readonly port: number;
  /** Address to come from; '': the kernel chooses. */
  readonly source: string;
  readonly framing: Framing;
}

/** An attempt to connect that is under way. */
interface Attempt extends PromiseWithResolvers<void> {
  readonly fromMs: number;
  /** Which kind of error it is when its time is over. */
  readonly limitKind: ErrorKind;
}

export class ServerConnection extends ExchangeSlot implements Connection, ReaderSink, SocketOwner {
  override readonly framed: boolean;
  readonly #socket: ClientSocket;
  readonly #reader: Reader;
  readonly #carrier: Carrier;
  #attempt: Attempt | undefined;
  #oneWay: OneWay | undefined;
  /** Settles when the socket is closed; set once this side has ended and waits for the peer. */
  #closing: PromiseWithResolvers<void> | undefined;

  /** Starts the attempt; `connected()` tells how it ends. */
  constructor(engine: Engine, target: Target, carrier: Carrier) {
    super(engine);
    const { ms, kind } = limitOf(target);
    const fromMs = engine.clock.now();
    this.#carrier = carrier;
    this.framed = target.framing === 'frames';
    this.#reader = this.framed ? new FrameReader(this) : new RawReader(this);
    this.#attempt = { ...Promise.withResolvers<void>(), fromMs, limitKind: kind };
    engine.counters.connects.attempted++;
    if (ms !== Infinity) engine.wheel.arm(this, fromMs + ms);
    this.#socket = engine.sockets.connect(this, target.host, target.port, target.source);
  }

  /** Resolves when the connection is there. Called once, at once. @throws ExchangeError, Stopped */
  connected(): Promise<void> {
    return (this.#attempt as Attempt).promise;
  }

  /** True once the descriptor is free, or about to be. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  exchange(request: Uint8Array, options: ExchangeOptions = {}): Promise<Uint8Array> {
    this.#mustBeIdle();
    const exchange = new SingleExchange(this, request, options);
    const nowMs = this.engine.clock.now();
    this.ask(exchange, request, options.replyBytes ?? request.length, nowMs, nowMs, limitOf(options));
    return exchange.answer;
  }

  async exchanges(loop: ExchangeLoop): Promise<void> {
    this.#mustBeIdle();
    await new LoopRun(this.engine, this, loop, this.#carrier).run();
  }

  send(message: Uint8Array): Promise<void> {
    if (this.end) return Promise.reject(this.end);
    this.engine.counters.bytesSent += message.length;
    return this.#socket.send(message) ? Promise.resolve() : this.#messages().room();
  }

  async receive(options: { readonly deadlineMs?: number } = {}): Promise<Uint8Array | undefined> {
    const messages = this.#messages();
    if (options.deadlineMs === undefined) return await messages.receive();
    const { wheel, clock } = this.engine;
    const timeout = new Timeout(() =>
      messages.giveUp(new ExchangeError('deadline', 'no message in the time set for it')),
    );
    wheel.arm(timeout, clock.now() + options.deadlineMs);
    try {
      return await messages.receive();
    } finally {
      wheel.remove(timeout);
    }
  }

  subscribe(onMessage: (message: Uint8Array) => void): void {
    this.#messages().subscribe(onMessage);
  }

  /**
   * Closes in order. Where the server only ever answers, nothing can be on its way any more, and the descriptor is
   * freed at once. Where it also speaks unasked, closing at once could reset the connection under its hands: then the
   * client half-closes and waits for the peer's end.
   */
  close(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    if (this.#closing) return this.#closing.promise;
    const quiet = this.#oneWay === undefined && !this.busy && this.#socket.pendingBytes === 0;
    this.finish(CLOSED_BY_CLIENT);
    if (quiet) {
      this.#socket.destroy();
      return Promise.resolve();
    }
    this.abandon();
    this.#closing = Promise.withResolvers();
    this.engine.wheel.arm(this, this.engine.clock.now() + CLOSE_MS);
    this.#socket.end();
    return this.#closing.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Ends it at once. */
  stop(reason: Stopped): void {
    this.finish(reason);
    this.#socket.destroy();
  }

  override fail(error: ExchangeError): void {
    this.finish(error);
    this.#socket.destroy();
  }

  /** Due is the attempt, the peer's end, or what the exchanges wait for. */
  override onDue(nowMs: number): void {
    if (this.#attempt) {
      this.fail(new ExchangeError(this.#attempt.limitKind, 'no connection in the time set for it'));
    } else if (this.#closing) this.#socket.destroy();
    else super.onDue(nowMs);
  }

  protected override transmit(request: Uint8Array, wantedBytes: number): void {
    this.#reader.expect(request, wantedBytes);
    // Bytes without frames tell nothing of what they answer: those that came before the request do not answer it.
    if (!this.framed && this.#oneWay?.unread) this.fail(UNASKED);
    else this.#socket.post(request);
  }

  protected override finish(error: ExchangeError | Stopped): void {
    this.#oneWay?.ended(error);
    if (this.#attempt) {
      const { counters } = this.engine;
      counters.end(counters.connects, error);
      rejectUnawaited(this.#attempt, error);
      this.#attempt = undefined;
    }
    super.finish(error);
  }

  onRefusal(error: ExchangeError): void {
    // Said unasked, before the server closes, it answers whatever is asked next.
    if (!this.refused(error)) this.finish(error);
  }

  onLoose(bytes: Uint8Array, start: number, end: number): void {
    this.hold();
    this.#messages().push(bytes, start, end);
  }

  onConnected(nowMs: number): void {
    const attempt = this.#attempt;
    if (attempt === undefined) return;
    const { counters, wheel } = this.engine;
    wheel.remove(this);
    counters.connects.completed++;
    counters.recorder.connect.record((nowMs - attempt.fromMs) * 1000);
    this.#attempt = undefined;
    attempt.resolve();
  }

  onBytes(bytes: Uint8Array, start: number, end: number, nowMs: number): boolean {
    this.engine.counters.bytesReceived += end - start;
    this.readMs = nowMs;
    // Bytes may still come after the end was decided on: they answer nothing.
    if (this.open) this.#reader.push(bytes, start, end);
    return this.#oneWay === undefined || this.#oneWay.mayRead();
  }

  onDrained(): void {
    this.#oneWay?.drained();
  }

  onSocketError(error: Error): void {
    this.fail(exchangeErrorOf(error));
  }

  onSocketClosed(): void {
    if (this.open) {
      const where = this.#reader.partial ? 'in the middle of a message' : 'before it answered';
      this.finish(new ExchangeError('closed', `the server closed the connection ${where}`));
    }
    this.#oneWay?.closed(this.end ?? CLOSED_BY_CLIENT);
    if (this.#closing) this.engine.wheel.remove(this);
    this.#closing?.resolve();
  }

  /** The messages that belong to no exchange. */
  #messages(): OneWay {
    if (this.#oneWay === undefined) {
      this.#oneWay = new OneWay(this.#socket);
      if (this.end) this.#oneWay.ended(this.end);
    }
    return this.#oneWay;
  }

  #mustBeIdle(): void {
    if (!this.busy) return;
    throw new Error('an exchange is under way on this connection; wait for it, or open another connection');
  }
}
