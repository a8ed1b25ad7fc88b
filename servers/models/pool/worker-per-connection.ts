/** One worker a connection: it starts when the connection comes and ends with it. */
import type { Outcome } from '../../services/api/connection.ts';
import type { WorkerHandle } from '../worker/start.ts';
import type { StartWorker } from '../worker/workers.ts';
import type { Workers, WorkersEvents } from './hand-off.ts';
import { addCounters, STOP_GRACE_MS } from './pool.ts';

interface Member {
  readonly handle: WorkerHandle;
  serving: boolean;
}

export function workerPerConnection(start: StartWorker, events: WorkersEvents): Workers {
  const members = new Set<Member>();
  const counters: Record<string, number> = {};
  let stopping = false;
  const emptied = Promise.withResolvers<void>();
  let drainMs = 0;

  const kill = (): void => {
    for (const { handle } of members) handle.kill();
  };

  return {
    ready: Promise.resolve(),
    size: 0,
    place: (arrival, waitedMs) => {
      const { id, socket } = arrival;
      let outcome: Outcome = 'broken';
      const handle = start(
        id,
        {
          message: (message) => {
            if (message.type === 'ready') {
              handle.send({ type: 'serve', connection: id, waitedMs }, socket);
              member.serving = true;
              if (stopping) handle.send({ type: 'stop', drainMs });
            } else if (message.type === 'ended') {
              ({ outcome } = message);
              if (!stopping) handle.send({ type: 'stop', drainMs: 0 });
            } else if (message.type === 'stopped') {
              addCounters(counters, message.counters);
            }
          },
          // Ended only now, not with the connection: the limit is there to bound how many workers are alive.
          exit: () => {
            members.delete(member);
            if (!socket.destroyed) socket.destroy();
            events.ended(arrival, outcome);
            if (stopping && members.size === 0) emptied.resolve();
          },
        },
        undefined,
      );
      const member: Member = { handle, serving: false };
      members.add(member);
      return true;
    },
    stop: async (untilMs) => {
      stopping = true;
      drainMs = untilMs;
      for (const { handle, serving } of members) {
        if (serving) handle.send({ type: 'stop', drainMs });
      }
      const deadline = setTimeout(kill, drainMs + STOP_GRACE_MS);
      if (members.size > 0) await emptied.promise;
      clearTimeout(deadline);
      return { workers: [], service: counters };
    },
    kill,
  };
}
