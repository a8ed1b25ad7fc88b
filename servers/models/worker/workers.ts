/** What the workers of one server share: a store that the main process keeps and, where they are threads, memory. */
import { storeKeeper } from './store-keeper.ts';
import type { StoreKeeper } from './store-keeper.ts';
import { startProcess, startThread } from './start.ts';
import type { StartWorker, WorkerHandle } from './start.ts';

/** Size of the memory that threads share; what lies where in it is the service's affair. */
const SHARED_BYTES = 4096;

export function sharedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(SHARED_BYTES);
}

/** Threads of one server. */
export function threads(): StartWorker {
  const memory = sharedMemory();
  const start = sharingStore(startThread);
  return (spec, events, hub) => start({ ...spec, memory }, events, hub);
}

/**
 * Processes of one server. Node cannot map memory into several processes, so a store is all that they share.
 *
 * @param descriptors inherited by each as 4, 5, … (3 is its channel to the parent)
 */
export function processes(...descriptors: number[]): StartWorker {
  return sharingStore(startProcess(...descriptors));
}

/** Answers what workers ask of the store, and takes back the locks of those that are gone. */
export function sharingStore(start: StartWorker, keeper: StoreKeeper = storeKeeper()): StartWorker {
  return (spec, events, hub) => {
    const handle: WorkerHandle = start(
      spec,
      {
        message: (message) => {
          if (message.type !== 'ask') return events.message(message);
          const answer = keeper.execute(message.operation, handle);
          const { call } = message;
          if (answer instanceof Promise) {
            void answer.then((value) => handle.send({ type: 'answer', call, value }));
          } else {
            handle.send({ type: 'answer', call, value: answer });
          }
        },
        exit: () => {
          keeper.release(handle);
          events.exit();
        },
      },
      hub,
    );
    return handle;
  };
}
