import { fork } from 'node:child_process';
import type { BoundSocket, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { whenOver } from '../worker/workers.ts';

const COPY_LISTENER = fileURLToPath(new URL('copy-listener.ts', import.meta.url));

export type ListenerCopies = ReturnType<typeof listenerCopies>;

/**
 * Copies of a listening socket for the threads of this process. Threads cannot share a descriptor: each closes its
 * own, and closing a number twice may close an unrelated file.
 */
export function listenerCopies(bound: BoundSocket, backlog: number) {
  let wanted: PromiseWithResolvers<Server>[] = [];
  let starting = false;
  let copying = Promise.resolve();

  const start = (): void => {
    starting = false;
    const takers = wanted;
    wanted = [];
    const child = fork(COPY_LISTENER, [`${takers.length}`, `${backlog}`], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', bound.fd()],
    });
    child.on('message', (_message, handle) => takers.shift()?.resolve(handle as Server));
    const over = new Promise<void>((resolve) => whenOver(child, resolve)).then(() => {
      for (const taker of takers) taker.reject(new Error('the listening socket could not be copied'));
    });
    copying = copying.then(() => over);
  };

  return {
    /**
     * A listening server with its own descriptor. Transfer it to its thread at once, or it accepts here. @throws
     * {Error} when the socket could not be copied
     */
    take: (): Promise<Server> => {
      const taker = Promise.withResolvers<Server>();
      wanted.push(taker);
      // One process serves all requests of this turn of the event loop.
      if (!starting) setImmediate(start);
      starting = true;
      return taker.promise;
    },
    /** Resolves when no copying process is left. */
    idle: (): Promise<void> => copying,
  };
}
