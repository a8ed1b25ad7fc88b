import { fork } from 'node:child_process';
import type { BoundSocket, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { whenOver } from '../worker/workers.ts';

const COPY_LISTENER = fileURLToPath(new URL('copy-listener.ts', import.meta.url));

export type ListenerCopies = ReturnType<typeof listenerCopies>;

/**
 * Copies of a listening socket for the threads of this process. Threads cannot share one descriptor: each copy is
 * closed by whoever holds it, and a number closed twice may be somebody else's by then.
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
     * A listening server on a descriptor of its own. Move it to its thread at once, or it accepts here.
     *
     * @throws {Error} when the socket could not be copied
     */
    take: (): Promise<Server> => {
      const taker = Promise.withResolvers<Server>();
      wanted.push(taker);
      // All that is asked for in one turn of the event loop is served by one process.
      if (!starting) setImmediate(start);
      starting = true;
      return taker.promise;
    },
    /** Resolves when no process is copying any more. */
    idle: (): Promise<void> => copying,
  };
}
