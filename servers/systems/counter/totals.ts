/**
 * A total that many workers change, behind a lock, by one atomic step, or unguarded: read, think, write, and whatever
 * another wrote in between is lost. In memory where the workers share it, else in the store.
 */
import { burn } from '../../services/work.ts';
import { Mutex } from './mutex.ts';
import type { Store } from '../../services/api/store.ts';

export type Guard = 'lock' | 'atomic' | 'none';

/** How long an update waits for the lock, in ms; a holder that died with it must not stop the others for ever. */
const LOCK_DEADLINE_MS = 5000;

export interface Sums {
  readonly total: number;
  /** Updates made, counted by an atomic step whatever guards the total. */
  readonly updates: number;
}

export interface Total {
  /** @returns the total that the update wrote, or undefined when the lock did not come free in time */
  add(by: number): Promise<number | undefined> | number | undefined;
  /** The updates are read first: the total then lacks none of them that was not lost. */
  read(): Promise<Sums> | Sums;
}

export interface TotalOptions {
  readonly guard: Guard;
  /** CPU time between reading the total and writing it, in µs. Before an atomic step, which has no between. */
  readonly betweenUs: number;
}

const CELL = { total: 0, updates: 1 } as const;
/** The mutex lies behind the two sums; counted in cells of 4 bytes. */
const MUTEX_CELL = 4;

/** In memory shared by all workers. An update blocks its thread, so nothing in the same thread comes in between. */
export function memoryTotal(memory: SharedArrayBuffer, { guard, betweenUs }: TotalOptions): Total {
  const sums = new BigInt64Array(memory, 0, 2);
  const mutex = new Mutex(new Int32Array(memory), MUTEX_CELL);
  const between = (): void => {
    if (betweenUs > 0) burn(betweenUs);
  };
  const readAndWrite = (by: number): bigint => {
    const before = sums[CELL.total] ?? 0n;
    between();
    return (sums[CELL.total] = before + BigInt(by));
  };
  const update = (by: number): bigint | undefined => {
    switch (guard) {
      case 'none':
        return readAndWrite(by);
      case 'atomic':
        between();
        return Atomics.add(sums, CELL.total, BigInt(by)) + BigInt(by);
      case 'lock':
        if (!mutex.lock(LOCK_DEADLINE_MS)) return undefined;
        try {
          return readAndWrite(by);
        } finally {
          mutex.unlock();
        }
    }
  };
  return {
    add: (by) => {
      const total = update(by);
      if (total === undefined) return undefined;
      Atomics.add(sums, CELL.updates, 1n);
      return Number(total);
    },
    read: () => {
      const updates = Number(Atomics.load(sums, CELL.updates));
      return { total: Number(Atomics.load(sums, CELL.total)), updates };
    },
  };
}

const KEY = { total: 'total', updates: 'updates', lock: 'total' } as const;

/** In the store. An update waits for the store, and meanwhile others run, in this worker too. */
export function storeTotal(store: Store, { guard, betweenUs }: TotalOptions): Total {
  const between = (): void => {
    if (betweenUs > 0) burn(betweenUs);
  };
  const value = async (key: string): Promise<number> => Number((await store.get(key))?.value ?? 0);
  const readAndWrite = async (by: number): Promise<number> => {
    const before = await value(KEY.total);
    between();
    await store.set(KEY.total, before + by, 0);
    return before + by;
  };
  const update = async (by: number): Promise<number | undefined> => {
    switch (guard) {
      case 'none':
        return readAndWrite(by);
      case 'atomic':
        between();
        return store.add(KEY.total, by);
      case 'lock':
        if (!(await store.lock(KEY.lock, LOCK_DEADLINE_MS))) return undefined;
        try {
          return await readAndWrite(by);
        } finally {
          await store.unlock(KEY.lock);
        }
    }
  };
  return {
    add: async (by) => {
      const total = await update(by);
      if (total !== undefined) await store.add(KEY.updates, 1);
      return total;
    },
    read: async () => {
      const updates = await value(KEY.updates);
      return { total: await value(KEY.total), updates };
    },
  };
}
