/** A crew of one worker a connection: it starts when the connection comes and ends with it. */
import { hubFor } from '../bus/hub.ts';
import { mergeCounters } from '../model.ts';
import type { ServerConfig } from '../model.ts';
import type { Counters } from '../../services/api/service.ts';
import type { Outcome } from '../../services/api/connection.ts';
import type { Crew, CrewEvents } from './crew.ts';
import { STOP_GRACE_MS } from './pool.ts';
import type { StartWorker, WorkerEvents, WorkerHandle } from '../worker/start.ts';

interface Member {
  readonly handle: WorkerHandle;
  serving: boolean;
}

export function singleUseCrew(config: ServerConfig, start: StartWorker, events: CrewEvents): Crew {
  const { service, idleMs } = config;
  const hub = hubFor(service);
  const members = new Set<Member>();
  let counters: Counters = {};
  let stopping = false;
  let emptied = Promise.withResolvers<void>();
  let drainMs = 0;

  const kill = (): void => {
    for (const { handle } of members) handle.kill();
  };

  return {
    ready: Promise.resolve(),
    place: (arrival, waitedMs) => {
      const { id, socket } = arrival;
      let outcome: Outcome = 'broken';
      const source = { from: 'parent' } as const;
      const spec = { id, service, source, idleMs, slots: 1, maxConnections: 1 };
      const ownEvents: WorkerEvents = {
        message: (message) => {
          if (message.type === 'ready') {
            member.handle.send({ type: 'serve', connection: id, waitedMs }, socket);
            member.serving = true;
            if (stopping) member.handle.send({ type: 'stop', drainMs });
          } else if (message.type === 'ended') {
            ({ outcome } = message);
            if (!stopping) member.handle.send({ type: 'stop', drainMs: 0 });
          } else if (message.type === 'stopped') {
            counters = mergeCounters([counters, message.counters]);
          }
        },
        // Ended only now, not with the connection: the limit is there to bound how many workers are alive.
        exit: () => {
          members.delete(member);
          if (!socket.destroyed) socket.destroy();
          events.ended(arrival, outcome, 0);
          if (stopping && members.size === 0) emptied.resolve();
        },
      };
      const member: Member = { handle: start(spec, ownEvents, hub), serving: false };
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
      return counters;
    },
    kill,
    rows: () => [],
  };
}
