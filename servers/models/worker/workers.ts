/** The workers of one server, and what they share: a store, a bus where the service needs one and, as threads, memory. */
import { BusHub } from '../bus/hub.ts';
import type { ServerConfig } from '../model.ts';
import type { OwnAccept } from './protocol.ts';
import { startProcess, startThread } from './start.ts';
import type { StartOne, WorkerEvents, WorkerHandle } from './start.ts';
import { sharedMemory, storeKeeper } from './store-keeper.ts';

/** Starts a worker of a server. */
export type StartWorker = (
  id: number,
  events: WorkerEvents,
  ownAccept: OwnAccept | undefined,
) => WorkerHandle;

/** Threads of one server. */
export function threads(config: ServerConfig): StartWorker {
  return sharing(config, startThread, sharedMemory());
}

/**
 * Processes of one server. Node cannot map memory into several processes, so a store is all that they share.
 *
 * @param descriptors inherited by each as 4, 5, … (3 is its channel to the parent)
 */
export function processes(config: ServerConfig, ...descriptors: number[]): StartWorker {
  return sharing(config, startProcess(...descriptors));
}

/** Answers what workers ask of the store, and takes back the locks of those that are gone. */
export function sharing(
  { service, idleMs }: ServerConfig,
  start: StartOne,
  memory?: SharedArrayBuffer,
): StartWorker {
  const keeper = storeKeeper();
  const hub = service.needs.bus ? new BusHub() : undefined;
  return (id, events, ownAccept) => {
    const handle: WorkerHandle = start(
      { id, service, idleMs, ownAccept, memory },
      {
        message: (message) => {
          if (message.type !== 'ask') return events.message(message);
          const { call, step } = message;
          const answer = keeper.execute(step, handle);
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
