/** What goes over a connection without an exchange: messages that nobody waits for an answer to, in both directions. */
import type { ExchangeError } from '../../scenario/client.ts';
import type { Stopped } from '../client/stopped.ts';
import type { ClientSocket } from '../sockets/sockets.ts';

/** A client that receives nothing keeps so many messages; then its connection is no longer read from. */
const HIGHEST_KEPT = 1024;

interface Receiver {
  readonly settle: (message: Uint8Array | undefined) => void;
  readonly fail: (error: Error) => void;
}

/** Messages that have come are kept until somebody receives them, or handed to a subscriber at once. */
export class OneWay {
  readonly #socket: ClientSocket;
  readonly #kept: Uint8Array[] = [];
  #receiver: Receiver | undefined;
  #subscriber: ((message: Uint8Array) => void) | undefined;
  #end: { readonly error: Error | undefined } | undefined;
  #paused = false;
  /** Settles when the socket has room again, or never will. */
  #room: PromiseWithResolvers<void> | undefined;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
  }

  /** Takes a message that is valid only during the call. */
  push(bytes: Uint8Array, start: number, end: number): void {
    if (this.#subscriber) {
      this.#subscriber(bytes.subarray(start, end));
      return;
    }
    const message = bytes.slice(start, end);
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver) receiver.settle(message);
    else this.#kept.push(message);
  }

  /** False where no more should be read until somebody has received what is there. */
  mayRead(): boolean {
    this.#paused = this.#kept.length >= HIGHEST_KEPT;
    return !this.#paused;
  }

  subscribe(subscriber: (message: Uint8Array) => void): void {
    this.#subscriber = subscriber;
    for (const message of this.#kept.splice(0)) subscriber(message);
    this.#readOn();
  }

  /** Hands the next message to `receiver`, now or later; undefined at the end of the stream. */
  receive(receiver: Receiver): void {
    if (this.#receiver) throw new Error('receive() is already waiting on this connection');
    const message = this.#kept.shift();
    if (message) {
      this.#readOn();
      receiver.settle(message);
    } else if (!this.#end) this.#receiver = receiver;
    else if (this.#end.error) receiver.fail(this.#end.error);
    else receiver.settle(undefined);
  }

  /** Nobody waits any more (a deadline is over). */
  giveUp(): void {
    this.#receiver = undefined;
  }

  /** Resolves when the socket has room again for more to be sent. @throws what closed it */
  room(): Promise<void> {
    this.#room ??= Promise.withResolvers();
    return this.#room.promise;
  }

  drained(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }

  /** No more will come. What is kept can still be received. An orderly end is no error to who receives. */
  ended(why: ExchangeError | Stopped): void {
    this.#end ??= { error: 'kind' in why && why.kind === 'closed' ? undefined : why };
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver && this.#end.error) receiver.fail(this.#end.error);
    else receiver?.settle(undefined);
  }

  /** The socket is closed: nothing will be sent any more. */
  closed(why: ExchangeError | Stopped): void {
    this.#room?.reject(why);
    this.#room = undefined;
  }

  /** A receiver has made room. */
  #readOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }
}
