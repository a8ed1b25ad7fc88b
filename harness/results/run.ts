/** A run: environment, plan and the results of its trials. On disk a folder; here the value that is read from it. */
import { UnfitError } from '../errors.ts';
import { parseDocument, readDocument, readText } from './document.ts';
import { sha256 } from './files.ts';
import { readJournal } from './journal.ts';
import type { RunFolder } from './folder.ts';
import type { Environment, RunManifest } from './schema/run.ts';
import type { Plan, Trial } from './schema/plan.ts';
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
  const trials = readJournal(folder.trials, trialResultSchema);
  const fault = faultOf(plan, trials);
  if (fault !== undefined)
    throw new UnfitError(`${folder.trials}, ${fault}. The file was changed or damaged.`);
  return { manifest, plan, environment, trials };
}

/** What is wrong about the first trial that is there twice or that its plan does not hold; undefined for none. */
function faultOf(plan: Plan, results: readonly TrialResult[]): string | undefined {
  const seen = new Set<number>();
  for (const [i, { trial }] of results.entries()) {
    const at = `line ${i + 1}: trial ${trial.index}`;
    if (seen.has(trial.index)) return `${at} is there twice`;
    seen.add(trial.index);
    const planned = plan.trials[trial.index];
    // Trials beyond the plan's own are those that its precision rule added.
    if (planned ? trialKey(planned) !== trialKey(trial) : !plan.precision)
      return `${at} (${trial.server}, ${trial.clients} clients) is not in the plan`;
  }
  return undefined;
}

function trialKey({ scenario, server, clients, repetition, seed }: Trial): string {
  return JSON.stringify([scenario, server, clients, repetition, seed]);
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
