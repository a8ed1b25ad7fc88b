/** The models whose main process accepts every connection, and hands it to a worker or lets it wait in a queue. */
import type { Socket } from 'node:net';
import { SOCKET_OPTIONS } from '../connection/acceptor.ts';
import { admission } from './admission.ts';
import type { Arrival, Crew, CrewEvents } from './crew.ts';
import { closeGently } from '../connection/gentle-close.ts';
import { listen, portOf } from '../connection/listen.ts';
import { loadService } from '../worker/load-service.ts';
import type { Running, ServerConfig } from '../model.ts';
import { countEnd, tallyRow } from './tally.ts';

/** Starts a server that hands connections to a crew. */
export async function startHandOff(
  config: ServerConfig,
  hire: (events: CrewEvents) => Crew,
  workers: number,
): Promise<Running> {
  const { host, port, backlog, patienceMs, drainMs, maxConnections, limit } = config;
  const loaded = await loadService(config.service);
  const row = tallyRow();
  const served = new Map<number, number>();
  const queued = new Set<Arrival>();
  let serving = 0;
  // Paused: nothing is read here of what the worker is to read.
  const server = await listen({ ...SOCKET_OPTIONS, pauseOnConnect: true }, { host, port, backlog });
  const bound = portOf(server.address());

  const crew = hire({
    ended: (arrival, outcome, place) => {
      countEnd(row, outcome, queued.delete(arrival));
      if (outcome === 'served') served.set(place, (served.get(place) ?? 0) + 1);
      serving -= 1;
      gate.leave();
    },
    vacancy: () => gate.advance(),
  });
  const gate = admission<Arrival>({
    patienceMs,
    capacity: maxConnections,
    now: () => performance.now(),
    place: (arrival, waitedMs, waited) => {
      if (limit > 0 && serving >= limit) return false;
      if (!crew.place(arrival, waitedMs)) return false;
      serving += 1;
      if (waited) queued.add(arrival);
      return true;
    },
    turnAway: ({ socket }, reason) => {
      row.add(reason === 'patience' ? 'lost' : 'refused');
      closeGently(socket, loaded.farewell(reason));
    },
  });

  let lastId = 0;
  server.on('connection', (socket: Socket) => {
    row.add('accepted');
    lastId += 1;
    gate.offer({ id: lastId, socket });
  });
  try {
    await crew.ready;
  } catch (error) {
    server.close();
    crew.kill();
    throw error;
  }

  return {
    port: bound,
    workers,
    stop: async () => {
      server.close();
      gate.close();
      const service = await crew.stop(drainMs);
      return { tally: row.read(), workers: crew.rows(served), service };
    },
    kill: () => crew.kill(),
  };
}
