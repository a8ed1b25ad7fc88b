/** Ports for servers: free at the moment, below the range from which the kernel takes client ports. */
import { createServer } from 'node:net';
import { UnfitError } from '../errors.ts';

const LOWEST = 10_000;
const HIGHEST = 32_000;
const ATTEMPTS = 200;

let next = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));

/**
 * A port on which nothing listens and nothing lingers. Each call gives another one, so that a server that does not set
 * SO_REUSEADDR is not refused because of connections of the trial before.
 *
 * @throws UnfitError when no port is free
 */
export async function freePort(host: string): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = next;
    next = next >= HIGHEST ? LOWEST : next + 1;
    if (await canListen(host, port)) return port;
  }
  throw new UnfitError(
    `No free port on ${host} between ${LOWEST} and ${HIGHEST} (${ATTEMPTS} tried). Stop the processes that listen on them (ss -ltn lists them).`,
  );
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
