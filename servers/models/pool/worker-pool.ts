/** Workers started in advance, each of which serves many connections. */
import { ConnectionTable } from '../connection/connection-table.ts';
import type { ServerConfig } from '../model.ts';
import type { Workers } from '../worker/workers.ts';
import type { Arrival, Placement, PlacementEvents } from './hand-off.ts';
import { pool } from './pool.ts';

/** Assigns a connection to the worker that serves the fewest, ties in turn; with one slot, to an idle one. */
export function workerPool(
  { workers: size, slots }: ServerConfig,
  workers: Workers,
  events: PlacementEvents,
): Placement {
  // By worker. A connection's number in messages is its place in this table.
  const serving = Array.from({ length: size }, () => new ConnectionTable<Arrival>());
  const room = slots === 0 ? Infinity : slots;
  let next = 0;

  const members = pool(workers, size, {
    ready: () => events.workerFree(),
    ended: (place, connection, outcome) => {
      const arrival = serving[place]?.at(connection);
      if (!arrival) return;
      serving[place]?.remove(connection);
      if (outcome === 'served') members.served[place] = (members.served[place] ?? 0) + 1;
      events.ended(arrival, outcome);
    },
    died: (place) => {
      for (const arrival of serving[place]?.clear() ?? []) {
        // Some sockets had not been sent when the worker died.
        arrival.socket.destroy();
        events.ended(arrival, 'broken');
      }
    },
  });

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
    size,
    place: (arrival, waitedMs) => {
      const place = freest();
      const table = serving[place];
      if (!table) return false;
      next = (place + 1) % size;
      members.send(place, { type: 'serve', connection: table.add(arrival), waitedMs }, arrival.socket);
      return true;
    },
    stop: (drainMs) => members.stop(drainMs),
  };
}
