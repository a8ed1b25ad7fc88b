/** Messages that answer no exchange: kept until somebody receives them, or handed to a subscriber at once. */

/** A client that receives nothing keeps so many; then its connection is no longer read from. */
const HIGHEST_KEPT = 1024;

interface Receiver {
  readonly settle: (message: Uint8Array | undefined) => void;
  readonly fail: (error: Error) => void;
}

export class LooseMessages {
  readonly #kept: Uint8Array[] = [];
  #receiver: Receiver | undefined;
  #subscriber: ((message: Uint8Array) => void) | undefined;
  #end: { readonly error?: Error } | undefined;

  /** True where no more should be read from the connection. */
  get full(): boolean {
    return this.#kept.length >= HIGHEST_KEPT;
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

  subscribe(subscriber: (message: Uint8Array) => void): void {
    this.#subscriber = subscriber;
    for (const message of this.#kept.splice(0)) subscriber(message);
  }

  /** Hands the next message to `receiver`, now or later. */
  receive(receiver: Receiver): void {
    if (this.#receiver) throw new Error('receive() is already waiting on this connection');
    const message = this.#kept.shift();
    if (message) receiver.settle(message);
    else if (!this.#end) this.#receiver = receiver;
    else if (this.#end.error) receiver.fail(this.#end.error);
    else receiver.settle(undefined);
  }

  /** Nobody waits any more (a deadline is over). */
  giveUp(): void {
    this.#receiver = undefined;
  }

  /** No more will come. What is kept can still be received. */
  finish(error?: Error): void {
    this.#end ??= error ? { error } : {};
    const receiver = this.#receiver;
    this.#receiver = undefined;
    if (receiver && this.#end.error) receiver.fail(this.#end.error);
    else receiver?.settle(undefined);
  }
}
