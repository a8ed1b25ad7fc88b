/** The two builds of a duet, wherever they come from: what a launch needs of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmSource, PlannedLaunch } from '../../results/schema/duet-plan.ts';

/** Where an arm of a launch lies, to fill into its command. */
export interface Place {
  /** Folder of the checkout; empty for a command of the user's. */
  readonly root: string;
  /** The node that runs it. */
  readonly node: string;
}

export interface Builds extends AsyncDisposable {
  readonly base: ArmSource;
  readonly head: ArmSource;
  /** Both are the same build. */
  readonly identical: boolean;
  /** Sentences for the reader. */
  readonly notes: readonly string[];
  /** Puts the builds of a launch where it measures them. */
  place(launch: Pick<PlannedLaunch, 'contrast' | 'place'>): { readonly base: Place; readonly head: Place };
}

/** What a reader knows an arm by. */
export function labelOf(source: ArmSource): string {
  switch (source.kind) {
    case 'revision':
      return `${source.ref} (${source.commit.slice(0, 12)})`;
    case 'command':
      return source.command;
    case 'folder':
      return source.folder;
  }
}

/** A checkout brings its own node; one without (installed without optional packages) runs on this one. */
export function placeAt(root: string): Place {
  const own = join(root, 'node_modules', '.bin', 'node');
  return { root, node: existsSync(own) ? own : process.execPath };
}

/** A command with `{root}` and `{node}` filled in. */
export function fillPlace(command: readonly string[], { root, node }: Place): string[] {
  return command.map((part) => part.replaceAll('{root}', root).replaceAll('{node}', node));
}

/** The reverse: a command of a checkout, with its places left open, so that a plan does not depend on where builds lie. */
export function openPlace(command: readonly string[], root: string, node: string): string[] {
  return command.map((part) => (part === node ? '{node}' : part.replaceAll(`${root}/`, '{root}/')));
}
