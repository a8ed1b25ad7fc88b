import type { Server, Socket } from 'node:net';
import type { Transferable } from 'node:worker_threads';

/**
 * A socket for a transfer list. Node moves TCP sockets and listening servers between threads since 24.21
 * (https://nodejs.org/api/net.html), which its published types do not say yet.
 */
export function transferable(handle: Server | Socket): Transferable {
  return handle as unknown as Transferable;
}
