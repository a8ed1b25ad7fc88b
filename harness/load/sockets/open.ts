/** Which sockets a generator uses. */
import { isIP } from 'node:net';
import type { SocketKind } from '../../results/trial-result.ts';
import { monotonicClock, type Clock } from '../clock.ts';
import { loadAddon } from './addon.ts';
import { NativeSockets } from './native-sockets.ts';
import { NodeSockets } from './node-sockets.ts';
import type { ClientSockets } from './sockets.ts';

/**
 * The addon's where it was built and every address is numeric, Node's otherwise. The addon knows the machine's own time
 * only, so that another clock needs Node's.
 *
 * @param kind only that kind; the environment's GENERATOR_SOCKETS where it is not given
 */
export function openSockets(
  clock: Clock,
  hosts: readonly string[],
  kind = process.env['GENERATOR_SOCKETS'] as SocketKind | undefined,
): ClientSockets {
  const fits = kind !== 'node' && clock === monotonicClock && hosts.every((host) => isIP(host) !== 0);
  const addon = fits ? loadAddon() : undefined;
  return addon ? new NativeSockets(addon) : new NodeSockets(clock);
}
