/** Builds of two revisions of the project itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmSource } from '../../results/schema/duet-plan.ts';
import type { Builds, Place } from './builds.ts';
import { findRevision, uncommittedFiles, type Revision } from './revision.ts';
import { Workshop, type BuildName } from './workshop.ts';

export interface RevisionRequest {
  readonly repository: string;
  readonly base: string;
  readonly head: string;
  /** Build the servers in C too. */
  readonly native: boolean;
  /** Paths of the repository that what is measured depends on. */
  readonly measured: readonly string[];
  readonly onStep: (text: string) => void;
}

/**
 * Checks out and builds both, and the base once more for the control.
 *
 * @throws UsageError for a revision that there is not, UnfitError for one that does not build, the signal's reason
 */
export async function buildsOfRevisions(request: RevisionRequest, signal: AbortSignal): Promise<Builds> {
  const { repository, measured } = request;
  const base = await findRevision(repository, '--base', request.base, measured);
  const head = await findRevision(repository, '--head', request.head, measured);
  const identical = base.contentHash === head.contentHash;
  const uncommitted = await uncommittedFiles(repository);
  const workshop = new Workshop(request);
  try {
    await workshop.build('base', base, signal);
    await workshop.build('head', head, signal);
    if (!identical) await workshop.build('copy', base, signal);
  } catch (error) {
    await workshop[Symbol.asyncDispose]();
    throw error;
  }
  return {
    base: sourceOf(base),
    head: sourceOf(head),
    identical,
    notes:
      uncommitted === 0
        ? []
        : [
            `The working tree has ${uncommitted} changed file${uncommitted === 1 ? '' : 's'} that ${uncommitted === 1 ? 'is' : 'are'} not committed and not measured.`,
          ],
    place: ({ contrast, place }) => {
      const head: BuildName = contrast === 'head' ? 'head' : 'copy';
      const [first, second] = place === 0 ? workshop.place('base', head) : workshop.place(head, 'base');
      const [ofBase, ofHead] = place === 0 ? [first, second] : [second, first];
      return { base: placeAt(ofBase), head: placeAt(ofHead) };
    },
    [Symbol.asyncDispose]: () => workshop[Symbol.asyncDispose](),
  };
}

function sourceOf({ ref, commit, contentHash }: Revision): ArmSource {
  return { kind: 'revision', ref, commit, contentHash };
}

/** A checkout brings its own node; one without (installed without optional packages) runs on this one. */
function placeAt(root: string): Place {
  const own = join(root, 'node_modules', '.bin', 'node');
  return { root, node: existsSync(own) ? own : process.execPath };
}
