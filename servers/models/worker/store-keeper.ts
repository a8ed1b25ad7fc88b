/** The store of a server, kept in its main process: values with a time to live, and locks freed with their holder. */
import type { Entry, Store, Stored, StoreAnswer, StoreStep } from '../../services/api/store.ts';

/** Most entries: bounds what clients can store. */
const MAX_ENTRIES = 10_000;

/** The operations of the store; all but `lock` complete at once. */
type Operations = {
  readonly [O in keyof Store]: (
    holder: object,
    ...args: Parameters<Store[O]>
  ) => Awaited<ReturnType<Store[O]>> | ReturnType<Store[O]>;
};

interface Kept {
  readonly value: Stored;
  /** On the keeper's clock, in ms; Infinity: never. */
  readonly expiresMs: number;
}

interface Waiter {
  readonly holder: object;
  readonly grant: (granted: boolean) => void;
}

interface Lock {
  holder: object;
  readonly waiting: Waiter[];
}

/** Memory that threads share beside the store; its layout is up to the service. */
export function sharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(4096);
}

/** @param now milliseconds of a monotonic clock */
export function storeKeeper(now: () => number = () => performance.now()) {
  const entries = new Map<string, Kept>();
  const locks = new Map<string, Lock>();

  const find = (key: string): Kept | undefined => {
    const kept = entries.get(key);
    if (!kept || kept.expiresMs > now()) return kept;
    entries.delete(key);
    return undefined;
  };

  const put = (key: string, value: Stored, expiresMs: number): boolean => {
    if (!entries.has(key) && entries.size >= MAX_ENTRIES) sweep();
    if (!entries.has(key) && entries.size >= MAX_ENTRIES) return false;
    entries.set(key, { value, expiresMs });
    return true;
  };

  const sweep = (): void => {
    const nowMs = now();
    for (const [key, { expiresMs }] of entries) if (expiresMs <= nowMs) entries.delete(key);
  };

  const entryOf = (key: string, { value, expiresMs }: Kept): Entry => ({
    key,
    value,
    ttlMs: expiresMs === Infinity ? 0 : Math.max(1, Math.round(expiresMs - now())),
  });

  const passOn = (key: string, lock: Lock): void => {
    const next = lock.waiting.shift();
    if (!next) {
      locks.delete(key);
      return;
    }
    lock.holder = next.holder;
    next.grant(true);
  };

  const operations: Operations = {
    get: (_, key) => {
      const kept = find(key);
      return kept ? entryOf(key, kept) : null;
    },
    set: (_, key, value, ttlMs) => put(key, value, ttlMs === 0 ? Infinity : now() + ttlMs),
    claim: (_, key, value) => {
      const kept = find(key);
      if (!kept) put(key, value, Infinity);
      return kept?.value ?? value;
    },
    add: (_, key, by) => {
      const kept = find(key);
      const sum = (typeof kept?.value === 'number' ? kept.value : 0) + by;
      entries.set(key, { value: sum, expiresMs: kept?.expiresMs ?? Infinity });
      return sum;
    },
    list: (_, after, limit) => {
      sweep();
      const keys = [...entries.keys()].filter((key) => key > after).toSorted();
      return keys.slice(0, limit).flatMap((key) => {
        const kept = entries.get(key);
        return kept ? [entryOf(key, kept)] : [];
      });
    },
    lock: (holder, key, deadlineMs) => {
      const lock = locks.get(key);
      if (!lock) {
        locks.set(key, { holder, waiting: [] });
        return true;
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          lock.waiting.splice(lock.waiting.indexOf(waiter), 1);
          resolve(false);
        }, deadlineMs);
        const waiter: Waiter = {
          holder,
          grant: (granted) => {
            clearTimeout(timer);
            resolve(granted);
          },
        };
        lock.waiting.push(waiter);
      });
    },
    unlock: (holder, key) => {
      const lock = locks.get(key);
      if (lock?.holder === holder) passOn(key, lock);
    },
  };

  return {
    /** Executes one step for a worker. A lock is held until it is unlocked or its holder released. */
    execute: ([operation, ...args]: StoreStep, holder: object): StoreAnswer | Promise<StoreAnswer> => {
      const execute = operations[operation] as (...all: unknown[]) => StoreAnswer | Promise<StoreAnswer>;
      return execute(holder, ...args);
    },
    /** The holder has ended: its locks pass to those waiting. */
    release: (holder: object): void => {
      for (const [key, lock] of locks) {
        for (const waiter of lock.waiting.filter((each) => each.holder === holder)) {
          lock.waiting.splice(lock.waiting.indexOf(waiter), 1);
          waiter.grant(false);
        }
        if (lock.holder === holder) passOn(key, lock);
      }
    },
  };
}
