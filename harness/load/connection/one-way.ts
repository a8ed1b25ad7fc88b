/** What goes over a connection without an exchange: messages that nobody waits for an answer to, in both directions. */
import type { ExchangeError } from '../../scenario/client.ts';
import type { ClientSocket } from '../sockets/sockets.ts';
import type { Stopped } from '../time/timeout.ts';

/** A client that receives nothing keeps so many messages; then its connection is no longer read from. */
const HIGHEST_KEPT = 1024;

/** Undefined: the stream has ended. */
type Receiver = PromiseWithResolvers<Uint8Array | undefined>;

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
    if (this.#receiver) this.#takeReceiver()?.resolve(message);
    else this.#kept.push(message);
  }

  /** True where messages are kept that nobody has received. */
  get unread(): boolean {
    return this.#kept.length > 0;
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

  /** The next message; undefined at the end of the stream. @throws what ended it otherwise, or was given to `giveUp` */
  async receive(): Promise<Uint8Array | undefined> {
    if (this.#receiver) throw new Error('receive() is already waiting on this connection');
    const message = this.#kept.shift();
    if (message) {
      this.#readOn();
      return message;
    }
    if (this.#end?.error) throw this.#end.error;
    if (this.#end) return undefined;
    this.#receiver = Promise.withResolvers();
    return await this.#receiver.promise;
  }

  /** Whoever waits for a message waits no more (a deadline is over). */
  giveUp(why: ExchangeError): void {
    this.#takeReceiver()?.reject(why);
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
    if (this.#end.error) this.#takeReceiver()?.reject(this.#end.error);
    else this.#takeReceiver()?.resolve(undefined);
  }

  /** The socket is closed: nothing will be sent any more. */
  closed(why: ExchangeError | Stopped): void {
    this.#room?.reject(why);
    this.#room = undefined;
  }

  #takeReceiver(): Receiver | undefined {
    const receiver = this.#receiver;
    this.#receiver = undefined;
    return receiver;
  }

  /** A receiver has made room. */
  #readOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }
}
