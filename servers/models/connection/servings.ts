import type { Socket } from 'node:net';
import type { Outcome } from '../../services/api/connection.ts';
import type { Service } from '../../services/api/service.ts';
import { ConnectionTable } from './connection-table.ts';
import { serveSocket } from './socket-connection.ts';
import type { Serving } from './socket-connection.ts';

/** The connections that one thread serves. */
export class Servings {
  readonly #service: Service;
  readonly #idleMs: number;
  readonly #ended: (outcome: Outcome, connection: number) => void;
  readonly #table = new ConnectionTable<Serving>();

  /** @param ended told once about every connection, by its number, when its socket is closed */
  constructor(service: Service, idleMs: number, ended: (outcome: Outcome, connection: number) => void) {
    this.#service = service;
    this.#idleMs = idleMs;
    this.#ended = ended;
  }

  get size(): number {
    return this.#table.size;
  }

  serve(socket: Socket, waitedMs: number, connection: number): void {
    const serving = serveSocket(socket, this.#service, this.#idleMs, waitedMs);
    const place = this.#table.add(serving);
    void serving.ended.then((outcome) => {
      this.#table.remove(place);
      this.#ended(outcome, connection);
    });
  }

  /** Waits for the connections until the deadline, then gives them up. */
  async stop(drainMs: number): Promise<void> {
    const deadline = setTimeout(() => {
      for (const serving of this.#table) serving.abort();
    }, drainMs);
    while (this.size > 0) await Promise.all([...this.#table].map(({ ended }) => ended));
    clearTimeout(deadline);
  }
}
