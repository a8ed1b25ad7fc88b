/** A pool of workers that is kept full: who dies is replaced, until the pool stops. */
import type { Server, Socket } from 'node:net';
import { unfitError } from '../../errors.ts';
import type { Counters } from '../../services/api/service.ts';
import type { WorkerEvents, WorkerHandle } from '../worker/start.ts';
import type { FromWorker, ToWorker } from '../worker/protocol.ts';

/** A worker that lived shorter than this is replaced only after a pause, so that a defect cannot spin. */
const SHORT_LIFE_MS = 1000;
const RESTART_PAUSE_MS = 200;
/** What stopping may take beyond the drain deadline before workers are killed. */
export const STOP_GRACE_MS = 500;

export interface PoolEvents {
  /** A worker can serve, the first time or after a replacement. */
  ready?(place: number): void;
  message?(place: number, message: FromWorker): void;
  /** A worker died by itself; it is being replaced. */
  died?(place: number): void;
}

export interface Pool {
  /** Resolves when every place is filled. @throws {ServerError} when a first worker cannot start */
  readonly ready: Promise<void>;
  pidOf(place: number): number;
  isReady(place: number): boolean;
  send(place: number, message: ToWorker, handle?: Server | Socket): void;
  /** Asks all to finish up to the deadline, kills who does not. Returns what their services counted. */
  stop(drainMs: number): Promise<Counters[]>;
  kill(): void;
}

interface Place {
  handle: WorkerHandle | undefined;
  state: 'starting' | 'ready' | 'gone';
}

/** @param start starts the worker of a place, numbered from 0 */
export function pool(
  size: number,
  start: (place: number, events: WorkerEvents) => WorkerHandle,
  events: PoolEvents,
): Pool {
  const places: Place[] = Array.from({ length: size }, () => ({ handle: undefined, state: 'starting' }));
  const counters: Counters[] = [];
  const filled = Promise.withResolvers<void>();
  const emptied = Promise.withResolvers<void>();
  const restarts = new Set<NodeJS.Timeout>();
  let readyOnce = false;
  let stopping = false;

  const fill = (index: number): void => {
    const place = at(index);
    const startedAt = performance.now();
    let failure: string | undefined;
    place.state = 'starting';
    place.handle = start(index, {
      message: (message) => {
        if (message.type === 'ready') {
          place.state = 'ready';
          if (places.every(({ state }) => state === 'ready')) {
            readyOnce = true;
            filled.resolve();
          }
          events.ready?.(index);
        } else if (message.type === 'failed') {
          failure = message.message;
        } else if (message.type === 'stopped') {
          counters.push(message.counters);
        }
        events.message?.(index, message);
      },
      exit: () => {
        place.state = 'gone';
        place.handle = undefined;
        if (stopping) {
          if (places.every(({ state }) => state === 'gone')) emptied.resolve();
          events.died?.(index);
          return;
        }
        if (!readyOnce) {
          filled.reject(unfitError(failure ?? `worker ${index} ended before it could serve`));
          return;
        }
        events.died?.(index);
        const pause = performance.now() - startedAt < SHORT_LIFE_MS ? RESTART_PAUSE_MS : 0;
        const restart = setTimeout(() => {
          restarts.delete(restart);
          fill(index);
        }, pause);
        restarts.add(restart);
      },
    });
  };
  const at = (index: number): Place => {
    const place = places[index];
    if (!place) throw new RangeError(`the pool has no place ${index}`);
    return place;
  };
  const kill = (): void => {
    for (const { handle } of places) handle?.kill();
  };
  for (let index = 0; index < size; index += 1) fill(index);

  return {
    ready: filled.promise,
    pidOf: (index) => at(index).handle?.pid ?? 0,
    isReady: (index) => at(index).state === 'ready',
    send: (index, message, handle) => at(index).handle?.send(message, handle),
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
