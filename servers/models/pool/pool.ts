/** A pool of workers that is kept full: who dies is replaced, until the pool stops. */
import type { Server, Socket } from 'node:net';
import { unfitError } from '../../errors.ts';
import type { Outcome } from '../../services/api/connection.ts';
import type { Counters } from '../../services/api/service.ts';
import type { WorkerEvents, WorkerHandle } from '../worker/start.ts';
import type { ToWorker } from '../worker/protocol.ts';

/** A worker that lived shorter than this is replaced only after a pause, so that a defect cannot spin. */
const SHORT_LIFE_MS = 1000;
const RESTART_PAUSE_MS = 200;
/** What stopping may take beyond the drain deadline before workers are killed. */
export const STOP_GRACE_MS = 500;

export interface PoolEvents {
  /** A worker can serve, the first time or after a replacement. */
  ready?(place: number): void;
  /** A connection that a worker was sent has ended. */
  ended?(place: number, connection: number, outcome: Outcome): void;
  /** A worker is gone; unless the pool stops, it is being replaced. */
  died(place: number): void;
}

export interface Pool {
  /** Resolves when every place is filled. @throws {ServerError} when a first worker cannot start */
  readonly ready: Promise<void>;
  /** The process that fills each place, or filled it last. */
  readonly pids: readonly number[];
  isReady(place: number): boolean;
  send(place: number, message: ToWorker, handle?: Server | Socket): void;
  /** Asks all to finish up to the deadline, kills who does not. Returns what their services counted. */
  stop(drainMs: number): Promise<Counters>;
  kill(): void;
}

interface Place {
  handle: WorkerHandle | undefined;
  ready: boolean;
}

/** @param start starts the worker of a place, numbered from 0 */
export function pool(
  size: number,
  start: (place: number, events: WorkerEvents) => WorkerHandle,
  events: PoolEvents,
): Pool {
  const places: Place[] = Array.from({ length: size }, () => ({ handle: undefined, ready: false }));
  const pids: number[] = [];
  const counters: Record<string, number> = {};
  const filled = Promise.withResolvers<void>();
  const emptied = Promise.withResolvers<void>();
  const restarts = new Set<NodeJS.Timeout>();
  let readyOnce = false;
  let stopping = false;

  const fill = (index: number, place: Place): void => {
    const startedAt = performance.now();
    let failure: string | undefined;
    place.handle = start(index, {
      message: (message) => {
        switch (message.type) {
          case 'ended':
            events.ended?.(index, message.connection, message.outcome);
            break;
          case 'ready':
            place.ready = true;
            if (places.every(({ ready }) => ready)) {
              readyOnce = true;
              filled.resolve();
            }
            events.ready?.(index);
            break;
          case 'failed':
            failure = message.message;
            break;
          case 'stopped':
            addCounters(counters, message.counters);
            break;
        }
      },
      exit: () => {
        place.ready = false;
        place.handle = undefined;
        if (stopping) {
          if (places.every(({ handle }) => !handle)) emptied.resolve();
          events.died(index);
          return;
        }
        if (!readyOnce) {
          filled.reject(unfitError(failure ?? `worker ${index} ended before it could serve`));
          return;
        }
        events.died(index);
        const pause = performance.now() - startedAt < SHORT_LIFE_MS ? RESTART_PAUSE_MS : 0;
        const restart = setTimeout(() => {
          restarts.delete(restart);
          fill(index, place);
        }, pause);
        restarts.add(restart);
      },
    });
    pids[index] = place.handle.pid;
  };
  const kill = (): void => {
    for (const { handle } of places) handle?.kill();
  };
  places.forEach((place, index) => fill(index, place));

  return {
    ready: filled.promise,
    pids,
    isReady: (index) => places[index]?.ready === true,
    send: (index, message, handle) => places[index]?.handle?.send(message, handle),
    stop: async (drainMs) => {
      stopping = true;
      for (const restart of restarts) clearTimeout(restart);
      for (const { handle } of places) handle?.send({ type: 'stop', drainMs });
      const deadline = setTimeout(kill, drainMs + STOP_GRACE_MS);
      if (places.some(({ handle }) => handle)) await emptied.promise;
      clearTimeout(deadline);
      return counters;
    },
    kill,
  };
}

/** Adds what one worker counted to a sum. */
export function addCounters(sum: Record<string, number>, counters: Counters): void {
  for (const [name, value] of Object.entries(counters)) sum[name] = (sum[name] ?? 0) + value;
}
