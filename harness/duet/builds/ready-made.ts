/** Builds that are there already: two commands, or two folders, of the user's. Nothing is built or moved. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { hashServer } from '../../rig/server-hash.ts';
import type { Pair } from '../launch/arm.ts';
import type { ArmSource } from '../../results/schema/duet-plan.ts';
import { placeAt, type Builds, type Place } from './builds.ts';

/** @param base,head the commands, cut into words */
export function buildsOfCommands(base: readonly string[], head: readonly string[]): Builds {
  const [ofBase, ofHead] = [commandSource(base), commandSource(head)];
  const identical = ofBase.contentHash === ofHead.contentHash && ofBase.command === ofHead.command;
  const here: Place = { root: '', node: process.execPath };
  return readyMade({ base: ofBase, head: ofHead }, { base: here, head: here }, identical);
}

/**
 * @param file what both folders must have, relative to them
 * @throws UsageError that names the folder which does not have it
 */
export function buildsOfFolders({ base, head }: Pair<string>, file: string): Builds {
  for (const [option, folder] of Object.entries({ '--base-dir': base, '--head-dir': head })) {
    if (!existsSync(join(folder, file)))
      throw new UsageError(
        `${option} ${folder}: it has no ${file}. Give the path of the file relative to both folders.`,
      );
  }
  const source = (folder: string): ArmSource => ({ kind: 'folder', folder, contentHash: null });
  return readyMade(
    { base: source(base), head: source(head) },
    { base: placeAt(realpathSync(base)), head: placeAt(realpathSync(head)) },
    realpathSync(base) === realpathSync(head),
  );
}

function readyMade(sources: Pair<ArmSource>, places: Pair<Place>, identical: boolean): Builds {
  return {
    ...sources,
    identical,
    notes: [],
    place: ({ contrast }) => ({
      base: places.base,
      head: contrast === 'head' ? places.head : places.base,
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function commandSource(command: readonly string[]): Extract<ArmSource, { kind: 'command' }> {
  return {
    kind: 'command',
    command: command.join(' '),
    contentHash: hashServer({ commands: { any: command } }),
  };
}
