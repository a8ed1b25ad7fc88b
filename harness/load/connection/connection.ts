/** One connection of a synthetic client, from the attempt to the end of the socket. */
import { ExchangeError, type Framing } from '../../scenario/client.ts';
import type { Engine } from '../client/engine.ts';
import type { Stopped } from '../client/stopped.ts';
import type { ClientSocket, SocketOwner } from '../sockets/sockets.ts';
import { ConnectAttempt } from './connect-attempt.ts';
import { exchangeErrorOf } from './errors.ts';
import { ExchangeSlot, type Limit } from './exchange-slot.ts';
import { OneWay } from './one-way.ts';
import { OrderlyClose } from './orderly-close.ts';
import { FrameReader, RawReader, type Reader, type ReaderSink } from './reader.ts';

/** Made once: an error costs as much as a connection, and closing is no error. */
const CLOSED_BY_CLIENT = new ExchangeError('closed', 'the client itself closed the connection');

/** Where a connection goes and how it speaks. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
}

export class ServerConnection extends ExchangeSlot implements ReaderSink, SocketOwner {
  readonly #socket: ClientSocket;
  readonly #reader: Reader;
  #attempt: ConnectAttempt | undefined;
  #oneWay: OneWay | undefined;
  #closing: OrderlyClose | undefined;

  /** Starts the attempt; `connected()` tells how it ends. */
  constructor(engine: Engine, target: Target, limit: Limit) {
    super(engine);
    this.#reader = target.framing === 'frames' ? new FrameReader(this) : new RawReader(this);
    this.#attempt = new ConnectAttempt(engine, this, limit);
    this.#socket = engine.sockets.connect(this, target.host, target.port);
  }

  /** Resolves when the connection is there. Called once, at once. @throws ExchangeError, Stopped */
  connected(): Promise<void> {
    return (this.#attempt as ConnectAttempt).connected;
  }

  /** True once the descriptor is free, or about to be. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** The messages that belong to no exchange. */
  get oneWay(): OneWay {
    if (this.#oneWay === undefined) {
      this.#oneWay = new OneWay(this.#socket);
      if (this.end) this.#oneWay.ended(this.end);
    }
    return this.#oneWay;
  }

  /** Sends what nobody waits for an answer to. Resolves when there is room for more. @throws what ended the connection */
  send(message: Uint8Array): Promise<void> {
    if (this.end) return Promise.reject(this.end);
    this.engine.counters.bytesSent += message.length;
    return this.#socket.send(message) ? Promise.resolve() : this.oneWay.room();
  }

  /**
   * Closes in order. Where the server only ever answers, nothing can be on its way any more, and the descriptor is
   * freed at once. Where it also speaks unasked, closing at once could reset the connection under its hands: then the
   * client half-closes and waits for the peer's end.
   */
  close(): Promise<void> {
    if (this.#socket.destroyed) return Promise.resolve();
    const quiet = this.#oneWay === undefined && !this.busy && this.#socket.pendingBytes === 0;
    this.finish(CLOSED_BY_CLIENT);
    if (quiet) {
      this.#socket.destroy();
      return Promise.resolve();
    }
    this.abandon();
    this.#closing ??= new OrderlyClose(this.engine, this.#socket);
    return this.#closing.closed;
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

  protected override transmit(request: Uint8Array, wantedBytes: number): void {
    this.#reader.expect(request, wantedBytes);
    this.#socket.post(request);
  }

  protected override finish(error: ExchangeError | Stopped): void {
    this.#oneWay?.ended(error);
    this.#attempt?.failed(error);
    this.#attempt = undefined;
    super.finish(error);
  }

  onRefusal(error: ExchangeError): void {
    // Said unasked, before the server closes, it answers whatever is asked next.
    if (!this.refused(error)) this.finish(error);
  }

  onLoose(bytes: Uint8Array, start: number, end: number): void {
    this.hold();
    this.oneWay.push(bytes, start, end);
  }

  onConnected(nowMs: number): void {
    this.#attempt?.succeeded(nowMs);
    this.#attempt = undefined;
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
    this.#closing?.finished();
  }
}
