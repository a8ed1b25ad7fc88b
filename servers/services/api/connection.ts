/** The API of one connection available to a service: units in, bytes out, no socket and no `accept`. */

/** Cuts received bytes into units: frames, lines, or whatever the service speaks. */
export interface Decoder<T> {
  push(chunk: Buffer): void;
  /** The next whole unit, or undefined until more bytes come. May throw on bytes that are not the protocol. */
  next(): T | undefined;
  /** Bytes of a unit that has not arrived whole. */
  readonly pendingBytes: number;
}

/**
 * How a service says that a connection ended. `served`: regularly; `reset`: the client left in the middle of
 * something; `lost`: the client was told to come back later.
 */
export type Ending = 'served' | 'reset' | 'lost';

/** How a connection can end, as the statistics count it (docs/servers/contract.md). */
export type Outcome = Ending | 'refused' | 'idled' | 'broken';

export interface Connection {
  /** Milliseconds that it queued in user space before a worker took it. */
  readonly waitedMs: number;

  /**
   * Hands each unit to `handle`, one after another, until the client half-closes or the service finishes. Calls back
   * synchronously, so that a message costs no promise; where `handle` returns one, the next unit waits for it.
   * While the client does not read its answers, nothing is handed over and nothing is read (backpressure).
   *
   * @returns `served` at the end of a unit, `reset` when the client half-closed in the middle of one
   * @throws what `handle` or the decoder threw, or `ConnectionGone` when there is nobody left to serve
   */
  receive<T>(decoder: Decoder<T>, handle: (unit: T) => void | Promise<void>): Promise<Ending>;

  /** Sends bytes, which must not be changed afterwards. After the connection is gone it does nothing. */
  send(bytes: Uint8Array): void;

  /** Milliseconds since the client began not to take what it is sent; 0 while it keeps up. */
  readonly stalledMs: number;

  /** Gives the client up: what it has not taken is dropped, and `receive` throws. */
  abandon(): void;

  /** The service is through with the client: what follows is not handed over, and `receive` returns. */
  finish(): void;
}

/** Raised in `receive` when the client reset the connection, went idle, or the server gave it up. */
export class ConnectionGone extends Error {
  override readonly name = 'ConnectionGone';
}

/** The decoder of services without units: every chunk as it comes. */
export class RawDecoder implements Decoder<Buffer> {
  readonly pendingBytes = 0;
  #chunk: Buffer | undefined;

  push(chunk: Buffer): void {
    this.#chunk = chunk;
  }

  next(): Buffer | undefined {
    const chunk = this.#chunk;
    this.#chunk = undefined;
    return chunk;
  }
}
