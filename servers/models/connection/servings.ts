import type { Socket } from 'node:net';
import type { Outcome } from '../../services/api/connection.ts';
import type { Service } from '../../services/api/service.ts';
import { ConnectionTable } from './connection-table.ts';
import { closeGently } from './sockets.ts';
import { SocketConnection } from './socket-connection.ts';

/** The connections served by one thread. */
export class Servings {
  readonly #service: Service;
  readonly #idleMs: number;
  readonly #ended: (outcome: Outcome, connection: number) => void;
  readonly #table = new ConnectionTable<SocketConnection>();
  #lastEnded: (() => void) | undefined;

  /**
   * @param idleMs closes a connection after so long without traffic; 0: never
   * @param ended called once for each connection, with its number, when its socket is closed
   */
  constructor(service: Service, idleMs: number, ended: (outcome: Outcome, connection: number) => void) {
    this.#service = service;
    this.#idleMs = idleMs;
    this.#ended = ended;
  }

  get size(): number {
    return this.#table.size;
  }

  /** Serves a socket to its end and then calls `ended`. Never rejects. */
  async serve(socket: Socket, waitedMs: number, number: number): Promise<void> {
    const connection = new SocketConnection(socket, waitedMs);
    if (this.#idleMs > 0) socket.setTimeout(this.#idleMs, () => connection.abort('idled'));
    const place = this.#table.add(connection);
    let outcome: Outcome;
    try {
      outcome = await this.#service.serve(connection);
    } catch {
      outcome = 'broken';
    }
    connection.release();
    if (!socket.destroyed) closeGently(socket);
    await connection.closed;
    this.#table.remove(place);
    this.#ended(connection.outcome ?? outcome, number);
    if (this.size === 0) this.#lastEnded?.();
  }

  /** Waits for the connections until the deadline, then aborts them. */
  async stop(drainMs: number): Promise<void> {
    if (this.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#lastEnded = resolve;
    const deadline = setTimeout(() => {
      for (const connection of this.#table) connection.abort('broken');
    }, drainMs);
    await promise;
    clearTimeout(deadline);
  }
}
