/** Server sockets: listening, and closing without losing the last bytes. */
import { BoundSocket, createServer } from 'node:net';
import type { ListenOptions, Server, ServerOpts, Socket } from 'node:net';
import type { Transferable } from 'node:worker_threads';
import { messageOf, unfitError } from '../../errors.ts';
import type { ServerError } from '../../errors.ts';

/** An address, or the descriptor of a bound socket, which the published types lack. */
export type ListenOn = ListenOptions & { readonly fd?: number };

/** Options of every server socket: no Nagle delay for answers, and a client may half-close. */
export const SOCKET_OPTIONS = { noDelay: true, allowHalfOpen: true } as const;

/** How long a client may take to close after the server did, in ms. */
const LINGER_MS = 500;

/** Starts to listen. @throws {ServerError} (exit code 3) when the address cannot be used */
export async function listen(options: ServerOpts, where: ListenOn): Promise<Server> {
  const server = createServer(options);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(where, resolve);
  try {
    await promise;
  } catch (error) {
    throw cannotListen(where.host, where.port, error);
  }
  server.off('error', reject);
  return server;
}

/**
 * A bound socket that does not listen yet: the workers listen on copies of it.
 *
 * @param reusePort lets others bind the address; the kernel spreads connections over the sockets that listen
 * @throws {ServerError} (exit code 3) when the address cannot be bound
 */
export function bind(host: string, port: number, reusePort: boolean): BoundSocket {
  try {
    return new BoundSocket({ host, port, reusePort });
  } catch (error) {
    throw cannotListen(host, port, error);
  }
}

/** The port of a TCP server. */
export function portOf(address: ReturnType<Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}

/**
 * A socket for a transfer list. Since 24.21 Node moves TCP sockets and listening servers between threads
 * (https://nodejs.org/api/net.html); its published types do not say so yet.
 */
export function transferable(handle: Server | Socket): Transferable {
  return handle as unknown as Transferable;
}

function cannotListen(host = '', port: number | undefined, error: unknown): ServerError {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const why = inUse ? 'the port is in use; choose another, or 0 for a free one' : messageOf(error);
  return unfitError(`cannot listen on ${host}:${port}: ${why}`, error);
}

/**
 * Sends what is left, half-closes, and discards input until the client closes or the linger time is over. Closing
 * with unread input makes the kernel send RST, which can destroy the last frame before the client reads it.
 */
export function closeGently(socket: Socket, lastBytes?: Uint8Array): void {
  socket.on('error', () => socket.destroy());
  if (lastBytes) socket.write(lastBytes);
  // All input is read and all output sent: closing sends the same FIN without a shutdown first.
  if (socket.readableEnded && socket.writableLength === 0) {
    socket.destroy();
    return;
  }
  socket.end();
  if (socket.readableEnded) return;
  socket.resume();
  socket.once('finish', () => {
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}
