/** A crew that stands ready before anybody connects: workers start once and serve many connections. */
import { hubFor } from '../bus/hub.ts';
import { mergeCounters } from '../model.ts';
import type { ServerConfig } from '../model.ts';
import type { Outcome } from '../../services/api/connection.ts';
import type { Arrival, Crew, CrewEvents } from './crew.ts';
import { pool } from './pool.ts';
import { Roster } from '../connection/connection-table.ts';
import type { StartWorker } from '../worker/start.ts';

/**
 * Connections go to the worker that serves the fewest, the one after the last that got one first; with one slot a
 * worker that is "idle first".
 */
export function poolCrew(config: ServerConfig, start: StartWorker, events: CrewEvents): Crew {
  const { workers: size, slots, service, idleMs, maxConnections } = config;
  // By worker. The number of a connection, in what is said about it, is its place here.
  const serving = Array.from({ length: size }, () => new Roster<Arrival>());
  const room = slots === 0 ? Infinity : slots;
  const hub = hubFor(service);
  const pids: number[] = [];
  let next = 0;

  const end = (place: number, connection: number, outcome: Outcome): void => {
    const arrival = serving[place]?.at(connection);
    if (!arrival) return;
    serving[place]?.remove(connection);
    events.ended(arrival, outcome, place);
  };

  const members = pool(
    size,
    (id, workerEvents) => {
      const source = { from: 'parent' } as const;
      const handle = start({ id, service, source, idleMs, slots, maxConnections }, workerEvents, hub);
      pids[id] = handle.pid;
      return handle;
    },
    {
      ready: () => events.vacancy(),
      message: (place, message) => {
        if (message.type === 'ended') end(place, message.connection, message.outcome);
      },
      died: (place) => {
        for (const arrival of serving[place]?.clear() ?? []) {
          // Not every one had left this process when its worker died.
          arrival.socket.destroy();
          events.ended(arrival, 'broken', place);
        }
      },
    },
  );

  const freest = (): number => {
    let best = -1;
    let fewest = room;
    for (let i = 0; i < size; i += 1) {
      const place = (next + i) % size;
      const count = serving[place]?.size ?? 0;
      if (count < fewest && members.isReady(place)) {
        best = place;
        fewest = count;
        if (count === 0) break;
      }
    }
    return best;
  };

  return {
    ready: members.ready,
    place: (arrival, waitedMs) => {
      const place = freest();
      const roster = serving[place];
      if (!roster) return false;
      next = (place + 1) % size;
      members.send(place, { type: 'serve', connection: roster.add(arrival), waitedMs }, arrival.socket);
      return true;
    },
    stop: async (drainMs) => mergeCounters(await members.stop(drainMs)),
    kill: () => members.kill(),
    rows: (served) => pids.map((pid, id) => ({ id, pid, served: served.get(id) ?? 0 })),
  };
}
