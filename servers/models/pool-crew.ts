/** A crew that stands ready before anybody connects: workers start once and serve many connections. */
import { hubFor } from './bus/hub.ts';
import { mergeCounters } from './model.ts';
import type { ServerConfig } from './model.ts';
import type { Arrival, Crew, CrewEvents } from './crew.ts';
import { pool } from './pool.ts';
import type { StartWorker } from './worker.ts';

/**
 * Connections go to the worker that serves the fewest, the one after the last that got one first; with one slot a
 * worker that is "idle first".
 */
export function poolCrew(config: ServerConfig, start: StartWorker, events: CrewEvents): Crew {
  const { workers: size, slots, service, idleMs, maxConnections } = config;
  const serving: Map<number, Arrival>[] = Array.from({ length: size }, () => new Map());
  const room = slots === 0 ? Infinity : slots;
  const hub = hubFor(service);
  const pids: number[] = [];
  let next = 0;

  const end = (place: number, id: number, outcome: 'broken' | Parameters<CrewEvents['ended']>[1]): void => {
    const arrival = serving[place]?.get(id);
    if (!arrival) return;
    serving[place]?.delete(id);
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
        for (const { id, socket } of serving[place]?.values() ?? []) {
          // Not every one had left this process when its worker died.
          socket.destroy();
          end(place, id, 'broken');
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
      if (place < 0) return false;
      next = (place + 1) % size;
      serving[place]?.set(arrival.id, arrival);
      members.send(place, { type: 'serve', connection: arrival.id, waitedMs }, arrival.socket);
      return true;
    },
    stop: async (drainMs) => mergeCounters(await members.stop(drainMs)),
    kill: () => members.kill(),
    rows: (served) => pids.map((pid, id) => ({ id, pid, served: served.get(id) ?? 0 })),
  };
}
