/** Builds of two revisions of the project itself. */
import type { ArmSource } from '../../results/schema/duet-plan.ts';
import { placeAt, type Builds } from './builds.ts';
import { findRevision, uncommittedNote, type Revision } from './revision.ts';
import { Workshop, type BuildName, type WorkshopOptions } from './workshop.ts';

export interface RevisionRequest extends WorkshopOptions {
  readonly base: string;
  readonly head: string;
  /** Paths of the repository that what is measured depends on; '' is all of it. */
  readonly measured: readonly string[];
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
  const notes = await uncommittedNote(repository);
  const workshop = new Workshop(request);
  try {
    await workshop.build('base', base, signal);
    await workshop.build('head', head, signal);
    if (!identical) await workshop.build('copy', base, signal);
    if (request.file !== undefined && workshop.lend(request.file))
      notes.push(`${request.file} does not exist in the base, which runs the head's copy of it.`);
  } catch (error) {
    await workshop[Symbol.asyncDispose]();
    throw error;
  }
  return {
    base: sourceOf(base),
    head: sourceOf(head),
    identical,
    notes,
    place: ({ contrast, place }) => {
      const head: BuildName = contrast === 'head' ? 'head' : 'copy';
      workshop.place(place === 0 ? ['base', head] : [head, 'base']);
      return { base: placeAt(workshop.where('base')), head: placeAt(workshop.where(head)) };
    },
    [Symbol.asyncDispose]: () => workshop[Symbol.asyncDispose](),
  };
}

function sourceOf({ ref, commit, contentHash }: Revision): ArmSource {
  return { kind: 'revision', ref, commit, contentHash };
}
