/** Which sockets a generator uses. */
import { isIP } from 'node:net';
import { UnfitError, UsageError } from '../../errors.ts';
import type { SocketKind } from '../../results/schema/load.ts';
import { monotonicClock, type Clock } from '../time/clock.ts';
import { loadAddon } from './addon.ts';
import { NativeSockets } from './native-sockets.ts';
import { NodeSockets } from './node-sockets.ts';
import type { ClientSockets } from './sockets.ts';

/**
 * The addon's where it was built and every address is numeric, Node's otherwise. The addon knows the machine's own time
 * only, so that another clock needs Node's.
 *
 * @param kind only that kind; the environment's GENERATOR_SOCKETS where it is not given
 * @throws UsageError for a kind that there is not, UnfitError where the addon is wanted and cannot be had
 */
export function openSockets(
  clock: Clock,
  hosts: readonly string[],
  kind: string | undefined = process.env['GENERATOR_SOCKETS'],
): ClientSockets {
  if (kind !== undefined && !isKind(kind)) {
    throw new UsageError(`GENERATOR_SOCKETS=${kind}: give native or node, or leave it out.`);
  }
  const fits = kind !== 'node' && clock === monotonicClock && hosts.every((host) => isIP(host) !== 0);
  const addon = fits ? loadAddon() : undefined;
  if (kind === 'native' && !addon) {
    throw new UnfitError(
      'GENERATOR_SOCKETS=native asks for the sockets in C, which are not available: run "make servers", and give numeric addresses.',
    );
  }
  return addon ? new NativeSockets(addon) : new NodeSockets(clock);
}

/** What a generator with numeric addresses would use. @throws as `openSockets` */
export function socketKind(): SocketKind {
  using sockets = openSockets(monotonicClock, ['127.0.0.1']);
  return sockets.kind;
}

function isKind(text: string): text is SocketKind {
  return text === 'native' || text === 'node';
}
