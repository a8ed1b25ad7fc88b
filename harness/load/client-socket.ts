/** A TCP socket whose events go to its owner, without a closure for each. */
import { Socket } from 'node:net';

/** Whose socket it is. */
export interface SocketOwner {
  /** `length` bytes have come into the shared buffer. False: read no more until `resume()`. */
  onBytes(length: number): boolean;
  onConnected(): void;
  onSocketError(error: Error): void;
  /** The socket is closed, whoever closed it. */
  onSocketClosed(): void;
}

export class ClientSocket extends Socket {
  readonly owner: SocketOwner;

  /** @param buffer what comes is read into this, which may be shared: it is used before the next read */
  constructor(owner: SocketOwner, buffer: Uint8Array) {
    super({ onread: { buffer, callback: (length) => owner.onBytes(length) } });
    this.owner = owner;
    this.setNoDelay(true);
    // One function for all sockets, where closures would take a tenth of a connection's memory.
    this.on('connect', connected);
    this.on('error', failed);
    this.on('close', closed);
  }
}

function connected(this: ClientSocket): void {
  this.owner.onConnected();
}

function failed(this: ClientSocket, error: Error): void {
  this.owner.onSocketError(error);
}

function closed(this: ClientSocket): void {
  this.owner.onSocketClosed();
}
