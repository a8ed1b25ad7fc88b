/**
 * One writer at a time for a folder of results.
 *
 * The lock is an abstract Unix socket (unix(7)) named after the folder's device and inode: the kernel gives a name to
 * one process only and takes it back when that process ends, however it ends, so that no stale lock is ever left. It
 * tells whoever asks who holds it. Processes in another network namespace are not seen.
 */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { UnfitError } from '../errors.ts';

/**
 * Locks an existing folder until the lock is disposed of.
 *
 * @throws UnfitError that names the process that holds it
 */
export async function lockFolder(path: string): Promise<AsyncDisposable> {
  const { dev, ino } = statSync(path);
  const name = `\0holdfast-results-${dev}-${ino}`;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(String(process.pid));
  });
  try {
    await once(server.listen(name), 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UnfitError(
      `Another Holdfast (${await holderOf(name)}) is writing into ${path}. Wait until it has ended, or stop it first.`,
      { cause: error },
    );
  }
  server.unref();
  return server;
}

async function holderOf(name: string): Promise<string> {
  try {
    return `process ${await text(connect(name))}`;
  } catch {
    return 'which has just ended';
  }
}
