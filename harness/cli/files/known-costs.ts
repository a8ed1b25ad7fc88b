/** What trials took on this machine, kept in the results folder beside the runs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { costsOf, estimatePlan, mergedCosts, type PlanEstimate } from '../../plan/estimate.ts';
import { REFERENCE_START_MS } from '../../plan/usual-costs.ts';
import { readDocument } from '../../results/document.ts';
import { jsonText, writeFileDurably } from '../../results/files.ts';
import type { CostsFile, KnownCosts } from '../../results/schema/costs.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { EnvironmentIdentity } from '../../results/schema/run.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import { startTimeMs } from '../../rig/start-time.ts';

/** Estimates a plan from what is known, and from how fast processes start here where some of it is not. */
export async function estimateHere(
  plan: Plan,
  resultsPath: string,
  identity: EnvironmentIdentity,
): Promise<PlanEstimate> {
  const known = await readCosts(resultsPath, identity);
  const estimate = estimatePlan(plan, known, REFERENCE_START_MS);
  if (estimate.known === 1) return estimate;
  return estimatePlan(plan, known, startTimeMs() ?? REFERENCE_START_MS);
}

/** Adds what the trials of a run took to what is known. @throws UnfitError where it cannot be written */
export async function rememberCosts(
  plan: Plan,
  trials: readonly TrialResult[],
  resultsPath: string,
  identity: EnvironmentIdentity,
): Promise<void> {
  const now = costsOf(plan, trials);
  if (now.length === 0) return;
  const costs = mergedCosts(await readCosts(resultsPath, identity), now);
  const file: CostsFile = { schema: 1, machine: machineOf(identity), costs };
  writeFileDurably(pathOf(resultsPath), jsonText(file));
}

/** Nothing where there is no such file, or where another machine or version wrote it. */
async function readCosts(resultsPath: string, identity: EnvironmentIdentity): Promise<KnownCosts> {
  const path = pathOf(resultsPath);
  if (!existsSync(path)) return [];
  const { costsSchema } = await import('../../results/schema/costs.ts');
  try {
    const { machine, costs } = readDocument(path, costsSchema);
    return machine === machineOf(identity) ? costs : [];
  } catch {
    return [];
  }
}

function pathOf(resultsPath: string): string {
  return join(resultsPath, 'costs.json');
}

function machineOf({ cpuModel, cpuCount, kernel, nodeVersion }: EnvironmentIdentity): string {
  return [cpuModel, `${cpuCount} CPUs`, kernel, `Node ${nodeVersion}`].join(', ');
}
