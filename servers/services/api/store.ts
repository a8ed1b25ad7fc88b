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

/** One step of the store, as it travels. */
export type StoreOperation =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'set'; readonly key: string; readonly value: Stored; readonly ttlMs: number }
  | { readonly op: 'claim'; readonly key: string; readonly value: Stored }
  | { readonly op: 'add'; readonly key: string; readonly by: number }
  | { readonly op: 'list'; readonly after: string; readonly limit: number }
  | { readonly op: 'lock'; readonly key: string; readonly deadlineMs: number }
  | { readonly op: 'unlock'; readonly key: string };

/** What comes back from each step. */
export interface StoreAnswers {
  readonly get: Entry | null;
  readonly set: boolean;
  readonly claim: Stored;
  readonly add: number;
  readonly list: readonly Entry[];
  readonly lock: boolean;
  readonly unlock: null;
}

export type StoreAnswer = StoreAnswers[StoreOperation['op']];

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

/** The typed face of a store, over whatever carries the operations to it. */
export function storeOver(ask: (operation: StoreOperation) => Promise<StoreAnswer>): Store {
  const step = async <O extends StoreOperation['op']>(
    operation: Extract<StoreOperation, { readonly op: O }>,
  ): Promise<StoreAnswers[O]> => (await ask(operation)) as StoreAnswers[O];
  return {
    get: (key) => step<'get'>({ op: 'get', key }),
    set: (key, value, ttlMs) => step<'set'>({ op: 'set', key, value, ttlMs }),
    claim: (key, value) => step<'claim'>({ op: 'claim', key, value }),
    add: (key, by) => step<'add'>({ op: 'add', key, by }),
    list: (after, limit) => step<'list'>({ op: 'list', after, limit }),
    lock: (key, deadlineMs) => step<'lock'>({ op: 'lock', key, deadlineMs }),
    unlock: async (key) => void (await step<'unlock'>({ op: 'unlock', key })),
  };
}
