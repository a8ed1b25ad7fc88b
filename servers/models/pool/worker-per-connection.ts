/** One worker per connection, which starts and ends with it. */
import type { Outcome } from '../../services/api/connection.ts';
import type { ServerConfig } from '../model.ts';
import type { WorkerHandle, Workers } from '../worker/workers.ts';
import type { Placement, PlacementEvents } from './hand-off.ts';

export function workerPerConnection(_: ServerConfig, workers: Workers, events: PlacementEvents): Placement {
  const serving = new Set<WorkerHandle>();
  /** The drain deadline, once the server stops. */
  let stopMs: number | undefined;

  return {
    ready: Promise.resolve(),
    size: 0,
    place: (arrival, waitedMs) => {
      const { id, socket } = arrival;
      let outcome: Outcome = 'broken';
      const handle = workers.start(id, {
        ready: () => {
          handle.send({ type: 'serve', connection: id, waitedMs }, socket);
          serving.add(handle);
          if (stopMs !== undefined) handle.send({ type: 'stop', drainMs: stopMs });
        },
        ended: (_connection, how) => {
          outcome = how;
          if (stopMs === undefined) handle.send({ type: 'stop', drainMs: 0 });
        },
        // Not when the connection ends but now: the limit bounds the number of living workers.
        gone: () => {
          serving.delete(handle);
          if (!socket.destroyed) socket.destroy();
          events.ended(arrival, outcome);
        },
      });
      return true;
    },
    stop: async (drainMs) => {
      stopMs = drainMs;
      for (const handle of serving) handle.send({ type: 'stop', drainMs });
      await workers.allGone(drainMs);
      return { workers: [], service: workers.counters };
    },
  };
}
