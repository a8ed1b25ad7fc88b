/** The models whose main process accepts every connection, and passes it to a worker or queues it. */
import type { Socket } from 'node:net';
import type { Outcome } from '../../services/api/connection.ts';
import type { ServiceModule } from '../../services/api/service.ts';
import { closeGently, listen, portOf, SOCKET_OPTIONS } from '../connection/sockets.ts';
import type { FinalStats, Running, ServerConfig } from '../model.ts';
import { admission } from './admission.ts';
import type { Workers } from '../worker/workers.ts';
import { countEnd, tallyRow } from './tally.ts';

/** A connection on its way to a worker. */
export interface Arrival {
  readonly id: number;
  readonly socket: Socket;
  /** Whether it had to wait for a worker. */
  waited: boolean;
}

/** Events of placed connections. */
export interface PlacementEvents {
  /** Called once for each placed arrival. */
  ended(arrival: Arrival, outcome: Outcome): void;
  /** A worker may have become free although no connection ended. */
  workerFree(): void;
}

/** Chooses the worker of a connection: one of a pool, or a new one. */
export interface Placement {
  readonly ready: Promise<void>;
  /** Workers in the ready line: the size of the pool, 0 for a worker per connection. */
  readonly size: number;
  /** Assigns a connection to a free worker; false if there is none. */
  place(arrival: Arrival, waitedMs: number): boolean;
  /** Ends the workers after the deadline at the latest. All their connections have ended when it resolves. */
  stop(drainMs: number): Promise<Pick<FinalStats, 'workers' | 'service'>>;
}

/** Starts a server that passes connections to workers. */
export async function startHandOff(
  config: ServerConfig,
  service: ServiceModule,
  workers: Workers,
  placementOf: (config: ServerConfig, workers: Workers, events: PlacementEvents) => Placement,
): Promise<Running> {
  const { host, port, backlog, patienceMs, drainMs, maxConnections, limit } = config;
  const row = tallyRow();
  // Paused: the input is for the worker.
  const server = await listen({ ...SOCKET_OPTIONS, pauseOnConnect: true }, { host, port, backlog });
  const bound = portOf(server.address());

  const placement = placementOf(config, workers, {
    ended: (arrival, outcome) => {
      countEnd(row, outcome, arrival.waited);
      gate.leave();
    },
    workerFree: () => gate.advance(),
  });
  const gate = admission<Arrival>({
    patienceMs,
    limit: limit === 0 ? Infinity : limit,
    capacity: maxConnections,
    now: () => performance.now(),
    place: (arrival, waitedMs, waited) => {
      arrival.waited = waited;
      return placement.place(arrival, waitedMs);
    },
    turnAway: ({ socket }, reason) => {
      row.add(reason === 'patience' ? 'lost' : 'refused');
      closeGently(socket, service.turnAway?.(config.service.parameters, reason));
    },
  });

  let lastId = 0;
  server.on('connection', (socket: Socket) => {
    row.add('accepted');
    lastId += 1;
    gate.offer({ id: lastId, socket, waited: false });
  });
  try {
    await placement.ready;
  } catch (error) {
    server.close();
    workers.kill();
    throw error;
  }

  return {
    port: bound,
    workers: placement.size,
    stop: async () => {
      server.close();
      gate.close();
      const stopped = await placement.stop(drainMs);
      return { tally: row.read(), ...stopped };
    },
    kill: () => workers.kill(),
  };
}
