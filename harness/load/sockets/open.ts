/** Chooses the sockets of a load generator. */
import { isIP } from 'node:net';
import { UnfitError, UsageError } from '../../errors.ts';
import type { SocketKind } from '../../results/schema/load.ts';
import { monotonicClock, type Clock } from '../time/clock.ts';
import { loadAddon } from './addon.ts';
import { NativeSockets } from './native-sockets.ts';
import { NodeSockets } from './node-sockets.ts';
import type { ClientSockets } from './sockets.ts';

/**
 * The addon's sockets if it was built and the server's address is numeric, Node's otherwise. The addon only knows the
 * machine's own clock; any other clock needs Node's sockets.
 *
 * @param kind forces one kind; by default the environment's GENERATOR_SOCKETS
 * @throws UsageError for an unknown kind, UnfitError if the addon is requested but unavailable
 */
export function openSockets(
  clock: Clock,
  host: string,
  kind: string | undefined = process.env['GENERATOR_SOCKETS'],
): ClientSockets {
  if (kind !== undefined && !isKind(kind)) {
    throw new UsageError(`GENERATOR_SOCKETS=${kind}: give native or node, or leave it out.`);
  }
  const fits = kind !== 'node' && clock === monotonicClock && isIP(host) !== 0;
  const addon = fits ? loadAddon() : undefined;
  if (kind === 'native' && !addon) {
    throw new UnfitError(
      'GENERATOR_SOCKETS=native asks for the sockets in C, which are not available: run "make servers", and give a numeric address.',
    );
  }
  return addon ? new NativeSockets(addon) : new NodeSockets(clock);
}

/** The kind used for numeric addresses. @throws as `openSockets` */
export function socketKind(): SocketKind {
  using sockets = openSockets(monotonicClock, '127.0.0.1');
  return sockets.kind;
}

function isKind(text: string): text is SocketKind {
  return text === 'native' || text === 'node';
}
