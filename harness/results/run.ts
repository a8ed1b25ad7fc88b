/** A run: environment, plan and the results of its trials. On disk a folder; here the value that is read from it. */
import { UnfitError } from '../errors.ts';
import { parseDocument, readDocument, readJournal, readText } from './document.ts';
import { sha256 } from './files.ts';
import type { RunFolder } from './folder.ts';
import type { Environment, RunManifest } from './schema/run.ts';
import type { Plan } from './schema/plan.ts';
import type { TrialResult } from './schema/trial.ts';

export interface Run {
  readonly manifest: RunManifest;
  readonly plan: Plan;
  readonly environment: Environment;
  /** In the order they ran. */
  readonly trials: readonly TrialResult[];
}

/**
 * Reads a run from its folder.
 *
 * A torn last line of the journal (the harness was killed as it wrote) is left out; anything else that cannot be
 * understood is an error, never silently skipped.
 *
 * @throws UnfitError that names the file and the place in it
 */
export async function readRun(folder: RunFolder): Promise<Run> {
  const [{ planSchema }, { environmentSchema, runManifestSchema }, { trialResultSchema }] = await Promise.all(
    [import('./schema/plan.ts'), import('./schema/run.ts'), import('./schema/trial.ts')],
  );
  const planText = readText(folder.plan);
  const plan = parseDocument(planText, planSchema, folder.plan);
  const manifest = readDocument(folder.manifest, runManifestSchema);
  if (manifest.planHash !== sha256(planText)) {
    throw new UnfitError(
      `${folder.plan} is not the plan of this run (its hash differs from the one in run.json). ` +
        'Restore the file, or start a new run.',
    );
  }
  const environment = readDocument(folder.environment, environmentSchema);
  return { manifest, plan, environment, trials: readJournal(folder.trials, trialResultSchema) };
}

/** Whose sockets carried the clients of a run: `native`, `node`, both, or '' where no trial says so (an older version). */
export function socketsOf({ trials }: Pick<Run, 'trials'>): string {
  const loads = trials.flatMap((trial) => ('load' in trial && trial.load ? [trial.load] : []));
  const kinds = loads.flatMap(({ generators }) => generators.map(({ sockets }) => sockets));
  return [...new Set(kinds)]
    .filter((kind) => kind !== undefined)
    .toSorted()
    .join(', ');
}
