/**
 * Values that all workers of a server share, whatever they are: the main process keeps them, and every operation on
 * them is one step that no other can interrupt. Between two operations anything may happen.
 */

/** What can be stored: it travels to the main process and back as JSON. */
export type Stored = string | number | readonly Stored[] | { readonly [name: string]: Stored };

export interface Entry {
  readonly key: string;
  readonly value: Stored;
  /** Milliseconds until it expires; 0: never. */
  readonly ttlMs: number;
}

export interface Store {
  /** The entry, or null when there is none or it has expired. */
  get(key: string): Promise<Entry | null>;
  /** @param ttlMs it expires after so long; 0: never. @returns false when the store is full */
  set(key: string, value: Stored, ttlMs: number): Promise<boolean>;
  /** Sets what is not there yet. @returns what is there now, whoever set it */
  claim(key: string, value: Stored): Promise<Stored>;
  /** Adds to a number, which is 0 where there is none. @returns the sum */
  add(key: string, by: number): Promise<number>;
  /** Entries whose keys come after `after`, in the order of their keys. */
  list(after: string, limit: number): Promise<readonly Entry[]>;
  /** Waits until nobody else has the lock. @returns false when the deadline was over first */
  lock(key: string, deadlineMs: number): Promise<boolean>;
  unlock(key: string): Promise<void>;
}

/** One operation on a store, as it travels: its name, and its arguments. */
export type StoreStep = {
  [O in keyof Store]: readonly [operation: O, ...Parameters<Store[O]>];
}[keyof Store];

/** What comes back from a step. */
export type StoreAnswer = Awaited<ReturnType<Store[keyof Store]>>;

/** A store, over whatever carries the steps to it. */
export function storeOver(ask: (step: StoreStep) => Promise<StoreAnswer>): Store {
  const over = <O extends keyof Store>(operation: O): Store[O] =>
    ((...args: unknown[]) => ask([operation, ...args] as unknown as StoreStep)) as Store[O];
  return {
    get: over('get'),
    set: over('set'),
    claim: over('claim'),
    add: over('add'),
    list: over('list'),
    lock: over('lock'),
    unlock: over('unlock'),
  };
}
