/** A worker's way to the store that the main process keeps: questions go out by message, answers come back by number. */
import { storeOver } from '../../services/api/store.ts';
import type { Store, StoreAnswer, StoreOperation } from '../../services/api/store.ts';

export interface RemoteStore {
  readonly store: Store;
  /** The answer to a question has come. */
  answered(call: number, value: StoreAnswer): void;
}

export function remoteStore(ask: (call: number, operation: StoreOperation) => void): RemoteStore {
  const open = new Map<number, (value: StoreAnswer) => void>();
  let lastCall = 0;
  return {
    store: storeOver(
      (operation) =>
        new Promise((resolve) => {
          lastCall += 1;
          open.set(lastCall, resolve);
          ask(lastCall, operation);
        }),
    ),
    answered: (call, value) => {
      open.get(call)?.(value);
      open.delete(call);
    },
  };
}
