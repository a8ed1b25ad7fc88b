/** "Builds" that are commands of the user's: nothing is built, everything is where the command says. */
import { hashServer } from '../../rig/server-hash.ts';
import type { ArmSource } from '../../results/schema/duet-plan.ts';
import type { Builds, Place } from './builds.ts';

/** @param base,head the commands, cut into words */
export function buildsOfCommands(base: readonly string[], head: readonly string[]): Builds {
  const [ofBase, ofHead] = [sourceOf(base), sourceOf(head)];
  const identical = ofBase.contentHash === ofHead.contentHash && ofBase.command === ofHead.command;
  const here: Place = { root: '', node: process.execPath };
  return {
    base: ofBase,
    head: ofHead,
    identical,
    notes: [],
    place: () => ({ base: here, head: here }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function sourceOf(command: readonly string[]): Extract<ArmSource, { kind: 'command' }> {
  return {
    kind: 'command',
    command: command.join(' '),
    contentHash: hashServer({ commands: { any: command } }),
  };
}
