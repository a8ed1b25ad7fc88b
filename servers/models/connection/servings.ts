import type { Socket } from 'node:net';
import type { Outcome } from '../../services/api/connection.ts';
import type { Service } from '../../services/api/service.ts';
import { Roster } from './connection-table.ts';
import { serveSocket } from './socket-connection.ts';
import type { Serving } from './socket-connection.ts';

/** The connections that a worker was sent and serves. */
export interface Seats {
  /** @param socket undefined when it was closed on its way here */
  serve(connection: number, socket: Socket | undefined, waitedMs: number): void;
  /** Waits for the connections until the deadline, then gives them up. */
  stop(drainMs: number): Promise<void>;
}

/** @param ended told about every connection once, when its socket is closed */
export function seats(
  service: Service,
  idleMs: number,
  ended: (connection: number, outcome: Outcome) => void,
): Seats {
  const servings = new Roster<Serving>();
  return {
    serve: (connection, socket, waitedMs) => {
      if (!socket) return ended(connection, 'reset');
      const serving = serveSocket(socket, service, idleMs, waitedMs);
      const place = servings.add(serving);
      void serving.ended.then((outcome) => {
        servings.remove(place);
        ended(connection, outcome);
      });
    },
    stop: async (drainMs) => {
      const deadline = setTimeout(() => {
        for (const serving of servings) serving.abort();
      }, drainMs);
      await Promise.all([...servings].map(({ ended }) => ended));
      clearTimeout(deadline);
    },
  };
}
