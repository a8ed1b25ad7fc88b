import { BoundSocket, createServer } from 'node:net';
import type { ListenOptions, Server, ServerOpts } from 'node:net';
import { messageOf, unfitError } from '../../errors.ts';
import type { ServerError } from '../../errors.ts';

/**
 * A server that listens.
 *
 * @throws {ServerError} (exit code 3) when the address cannot be listened on
 */
export async function listen(options: ServerOpts, where: ListenOptions): Promise<Server> {
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
 * A socket that has its address and does not listen yet: the workers will, on copies of it.
 *
 * @param reusePort others may bind the same address, and the kernel spreads connections over those that listen
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

function cannotListen(host = '', port: number | undefined, error: unknown): ServerError {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const why = inUse ? 'the port is in use; choose another, or 0 for a free one' : messageOf(error);
  return unfitError(`cannot listen on ${host}:${port}: ${why}`, error);
}
