/** Sockets of `node:net` that need no closure per connection. */
import { Socket } from 'node:net';
import type { Clock } from '../time/clock.ts';
import type { ClientSocket, ClientSockets, SocketOwner } from './sockets.ts';

/** Enough for one efficient read; longer answers take several. */
const READ_BUFFER_BYTES = 65_536;

export class NodeSockets implements ClientSockets {
  readonly kind = 'node';
  readonly #clock: Clock;
  /** Shared by all sockets and consumed before the next read. Not a Buffer: its `slice` shares memory. */
  readonly #buffer = new Uint8Array(READ_BUFFER_BYTES);
  readonly #open = new Set<NodeSocket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  connect(owner: SocketOwner, host: string, port: number, source: string): ClientSocket {
    const socket = new NodeSocket(owner, this.#buffer, this.#clock);
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket));
    socket.connect({ port, host, ...(source === '' ? {} : { localAddress: source }) });
    return socket;
  }

  /** The timers of libuv have a grain of 1 ms. */
  after(ms: number, fn: () => void): () => void {
    return this.#clock.after(Math.max(1, Math.ceil(ms)), fn);
  }

  [Symbol.dispose](): void {
    for (const socket of this.#open) socket.destroy();
  }
}

class NodeSocket extends Socket implements ClientSocket {
  readonly owner: SocketOwner;
  readonly clock: Clock;

  constructor(owner: SocketOwner, buffer: Uint8Array, clock: Clock) {
    super({ onread: { buffer, callback: (length) => owner.onBytes(buffer, 0, length, clock.now()) } });
    this.owner = owner;
    this.clock = clock;
    this.setNoDelay(true);
    // Shared functions: closures would take a tenth of a connection's memory.
    this.on('connect', connected);
    this.on('error', failed);
    this.on('close', closed);
  }

  get pendingBytes(): number {
    return this.writableLength;
  }

  post(bytes: Uint8Array): void {
    this.write(bytes);
  }

  send(bytes: Uint8Array): boolean {
    const taken = this.write(bytes);
    if (!taken) this.once('drain', drained);
    return taken;
  }
}

function connected(this: NodeSocket): void {
  this.owner.onConnected(this.clock.now());
}

function failed(this: NodeSocket, error: Error): void {
  this.owner.onSocketError(error);
}

function closed(this: NodeSocket): void {
  this.owner.onSocketClosed();
}

function drained(this: NodeSocket): void {
  this.owner.onDrained();
}
