/** A service's connection over a `net.Socket`: backpressure, idle deadline and outcome. */
import type { Socket } from 'node:net';
import { ConnectionGone } from '../../services/api/connection.ts';
import type { Connection, Decoder, Ending, Outcome } from '../../services/api/connection.ts';

/**
 * Most bytes queued for a client that does not read. Answers stop at the first unsent one; only unsolicited messages
 * can pile up, and a client this far behind is dropped.
 */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** One accepted socket, not yet read from. */
export class SocketConnection implements Connection {
  readonly waitedMs: number;
  /** Set when something other than the service ended the connection. */
  outcome: Outcome | undefined;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #released = false;
  // True while the client does not read its answers or the service processes a unit; no unit is passed on.
  #blocked = false;
  #blockedSince = 0;
  #busy = false;
  #finished = false;
  #pump: () => void = () => undefined;
  #gone: () => void = () => undefined;
  #onData: (chunk: Buffer) => void = () => undefined;

  /** @param waitedMs time that it queued in user space */
  constructor(socket: Socket, waitedMs: number) {
    this.waitedMs = waitedMs;
    this.#socket = socket;
    // A client may half-close and still get its answers; not every transferred socket keeps this setting.
    socket.allowHalfOpen = true;
    socket.on('error', () => this.abort('reset'));
    socket.on('drain', () => {
      this.#blocked = false;
      this.#pump();
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    socket.once('close', () => {
      this.abort('reset');
      resolve();
    });
  }

  receive<T>(decoder: Decoder<T>, handle: (unit: T) => void | Promise<void>): Promise<Ending> {
    const socket = this.#socket;
    const { promise, resolve, reject } = Promise.withResolvers<Ending>();
    this.#gone = () => reject(new ConnectionGone('the connection is gone'));
    const fail = (error: unknown): void => {
      this.#finished = true;
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const settled = (): void => {
      this.#busy = false;
      this.#pump();
    };
    this.#pump = () => {
      try {
        while (!this.#blocked && !this.#busy && !this.#finished) {
          const unit = decoder.next();
          if (unit === undefined) break;
          const pending = handle(unit);
          if (pending) {
            this.#busy = true;
            pending.then(settled, fail);
          }
        }
      } catch (error) {
        fail(error);
      }
      if (this.#finished) resolve('served');
      else if (this.#blocked || this.#busy) socket.pause();
      else if (socket.isPaused()) socket.resume();
    };
    this.#onData = (chunk) => {
      decoder.push(chunk);
      this.#pump();
    };
    socket.on('data', this.#onData);
    socket.once('end', () => resolve(decoder.pendingBytes === 0 ? 'served' : 'reset'));
    if (this.outcome) this.#gone();
    else socket.resume();
    return promise;
  }

  send(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    if (socket.write(bytes)) return;
    if (!this.#blocked) this.#blockedSince = performance.now();
    this.#blocked = true;
    if (socket.writableLength > MAX_UNSENT_BYTES) this.abort('broken');
  }

  get stalledMs(): number {
    return this.#blocked ? performance.now() - this.#blockedSince : 0;
  }

  abandon(): void {
    this.abort('broken');
  }

  finish(): void {
    this.#finished = true;
    if (!this.#busy) this.#pump();
  }

  /** The service is done: later input from the client is ignored. */
  release(): void {
    this.#released = true;
    this.#finished = true;
    // Nobody waits for units any more: the close that follows must not cost an error and its stack trace.
    this.#gone = () => undefined;
    this.#socket.off('data', this.#onData);
  }

  /** Ends the connection now. The service's own outcome stands unless the client never read its answers. */
  abort(outcome: Outcome): void {
    if (this.outcome === undefined && (!this.#released || outcome === 'idled' || outcome === 'broken')) {
      this.outcome = outcome;
    }
    this.#socket.destroy();
    this.#gone();
  }
}
