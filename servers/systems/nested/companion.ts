/** Other servers that a server starts for its service and takes with it when it ends. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { unfitError } from '../../errors.ts';

/** What a companion may take to stop, beyond the drain deadline, before it is killed, in ms. */
const STOP_GRACE_MS = 1000;

export interface Companion {
  readonly port: number;
  /** Tells it to stop by closing its channel, as would happen if this process died, and waits for its end. */
  stop(drainMs: number): Promise<void>;
  kill(): void;
}

/**
 * Starts a server as a child of this process, so that it belongs to the same tree, and waits until it is ready.
 *
 * @param command file and arguments of `node servers/main.ts …`
 * @throws {ServerError} when it ends before it is ready
 */
export async function startCompanion(command: readonly string[]): Promise<Companion> {
  const [, main = '', ...args] = command;
  const child = fork(main, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const port = await Promise.race([readyPort(child), ended.then(() => undefined)]);
  if (port === undefined) throw unfitError(`a server of the chain did not start: ${args.join(' ')}`);
  // Its statistics are its own; read, so that it can write them.
  child.stdout?.resume();
  return {
    port,
    stop: async (drainMs) => {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), drainMs + STOP_GRACE_MS);
      await ended;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

async function readyPort(child: ChildProcess): Promise<number | undefined> {
  if (!child.stdout) return undefined;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const { event, port } = JSON.parse(line) as { readonly event: string; readonly port: number };
    if (event === 'ready') return port;
  }
  return undefined;
}
