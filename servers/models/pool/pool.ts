/** A pool of workers: one that dies is replaced, until the pool stops. */
import type { Server, Socket } from 'node:net';
import { unfitError } from '../../errors.ts';
import type { Outcome } from '../../services/api/connection.ts';
import type { FinalStats } from '../model.ts';
import type { OwnAccept, ToWorker } from '../worker/protocol.ts';
import type { WorkerHandle, Workers } from '../worker/workers.ts';

/** A worker that lived for less is replaced after a pause, so that a defect causes no busy loop. */
const SHORT_LIFE_MS = 1000;
const RESTART_PAUSE_MS = 200;

export interface PoolEvents {
  /** Settings of a worker that accepts for itself. */
  ownAccept?(place: number): OwnAccept;
  /** A worker was started, initially or as a replacement. */
  started?(handle: WorkerHandle): void;
  /** It can serve. */
  ready?(place: number): void;
  /** A worker's connection has ended. */
  ended?(place: number, connection: number, outcome: Outcome): void;
  /** A worker has ended; it is replaced unless the pool stops. */
  died(place: number): void;
}

interface Place {
  handle: WorkerHandle | undefined;
  /** The process that fills the place, or filled it last. */
  pid: number;
  ready: boolean;
  restart: NodeJS.Timeout | undefined;
}

/** Starts and keeps `size` workers. */
export function pool(workers: Workers, size: number, events: PoolEvents) {
  const places = Array.from({ length: size }, (): Place => ({
    handle: undefined,
    pid: 0,
    ready: false,
    restart: undefined,
  }));
  const served = new Uint32Array(size);
  const filled = Promise.withResolvers<void>();
  let readyOnce = false;
  let stopping = false;

  const fill = (place: Place, index: number): void => {
    const startedAt = performance.now();
    const handle = workers.start(
      index,
      {
        ready: () => {
          place.ready = true;
          if (places.every(({ ready }) => ready)) {
            readyOnce = true;
            filled.resolve();
          }
          events.ready?.(index);
        },
        ended: (connection, outcome) => events.ended?.(index, connection, outcome),
        gone: (failure) => {
          place.ready = false;
          place.handle = undefined;
          if (!stopping && !readyOnce) {
            filled.reject(unfitError(failure ?? `worker ${index} ended before it could serve`));
            return;
          }
          events.died(index);
          if (stopping) return;
          const pause = performance.now() - startedAt < SHORT_LIFE_MS ? RESTART_PAUSE_MS : 0;
          place.restart = setTimeout(() => fill(place, index), pause);
        },
      },
      events.ownAccept?.(index),
    );
    place.handle = handle;
    place.pid = handle.pid;
    events.started?.(handle);
  };
  places.forEach(fill);

  return {
    /** Resolves when every worker is ready. @throws {ServerError} when a first worker cannot start */
    ready: filled.promise,
    /** Connections served in each place, for models that learn of them to count. */
    served,
    isReady: (index: number): boolean => places[index]?.ready === true,
    send: (index: number, message: ToWorker, handle?: Server | Socket): void =>
      places[index]?.handle?.send(message, handle),
    /** Tells all to finish until the deadline, then kills the rest. */
    stop: async (drainMs: number): Promise<Pick<FinalStats, 'workers' | 'service'>> => {
      stopping = true;
      for (const { handle, restart } of places) {
        clearTimeout(restart);
        handle?.send({ type: 'stop', drainMs });
      }
      await workers.allGone(drainMs);
      return {
        workers: places.map(({ pid }, id) => ({ id, pid, served: served[id] ?? 0 })),
        service: workers.counters,
      };
    },
  };
}
