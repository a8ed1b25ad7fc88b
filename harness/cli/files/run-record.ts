/** The files of a run besides its journal: begun before the first trial, ended after the last. */
import { lockfileHash, toolVersion } from '../version.ts';
import type { Environment, RunManifest, TimeSpent } from '../../results/schema/run.ts';
import type { Plan } from '../../results/schema/plan.ts';
import { type Run, readRun } from '../../results/run.ts';
import { jsonText, sha256, writeFileDurably } from '../../results/files.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import { lockFolder } from '../../results/lock.ts';
import { createRunFolder, findRunFolder, pointLatest, type RunFolder } from '../../results/folder.ts';
import { hashServer } from '../../rig/server-hash.ts';
import { checkResumable } from '../../run/resume.ts';

/** A run that is being measured, with what it holds so far. No other process writes into its folder until it is disposed of. */
export interface OpenRun extends AsyncDisposable {
  readonly folder: RunFolder;
  readonly run: Run;
}

/**
 * Creates the folder of a new run and writes plan, environment and manifest.
 *
 * @param estimatedMs how long it is expected to take
 * @throws UnfitError
 */
export async function beginRun(
  plan: Plan,
  environment: Environment,
  resultsPath: string,
  estimatedMs?: number,
): Promise<OpenRun> {
  const folder = createRunFolder(resultsPath);
  const lock = await lockFolder(folder.path);
  const serverHashes = Object.fromEntries(plan.servers.map((server) => [server.name, hashServer(server)]));
  const begun = writeBeginning(folder, plan, environment, serverHashes);
  const manifest = estimatedMs === undefined ? begun : { ...begun, estimatedMs };
  pointLatest(folder);
  return opened(lock, folder, { manifest, plan, environment, trials: [] });
}

/** Writes what is known before anything is measured, of a run or a duet. @throws UnfitError */
export function writeBeginning(
  folder: RunFolder,
  plan: object,
  environment: Environment,
  serverHashes: RunManifest['serverHashes'],
): RunManifest {
  const planText = jsonText(plan);
  const manifest: RunManifest = {
    schema: 1,
    id: folder.path.split('/').at(-1) ?? '',
    toolVersion: toolVersion(),
    lockfileHash: lockfileHash(),
    planHash: sha256(planText),
    serverHashes,
    commandLine: ['npx', 'holdfast', ...process.argv.slice(2)],
    startedAt: new Date().toISOString(),
    status: 'running',
  };
  writeFileDurably(folder.plan, planText);
  writeFileDurably(folder.environment, jsonText(environment));
  writeFileDurably(folder.manifest, jsonText(manifest));
  return manifest;
}

/**
 * Opens an interrupted run.
 *
 * @throws UsageError when there is none or it is complete, UnfitError when it is damaged, cannot go on here, or is
 * being measured by another process
 */
export async function reopenRun(
  name: string,
  resultsPath: string,
  environment: Environment,
): Promise<OpenRun> {
  const folder = findRunFolder(name, resultsPath);
  await using stack = new AsyncDisposableStack();
  // Before it is read: what another process appends afterwards would be missing here.
  const lock = stack.use(await lockFolder(folder.path));
  const run = await readRun(folder);
  checkResumable(run, environment);
  stack.move();
  const { estimatedMs: _, ...manifest } = run.manifest;
  return opened(lock, folder, { ...run, manifest });
}

function opened(lock: AsyncDisposable, folder: RunFolder, run: Run): OpenRun {
  return { folder, run, [Symbol.asyncDispose]: () => Promise.resolve(lock[Symbol.asyncDispose]()) };
}

/** Marks a run as complete or aborted and returns it with all its trials. */
export function endRun(
  { folder, run }: Pick<OpenRun, 'folder' | 'run'>,
  trials: readonly TrialResult[],
  timeSpent: Omit<TimeSpent, 'reportMs'>,
  aborted: boolean,
): Run {
  const manifest: RunManifest = {
    ...run.manifest,
    status: aborted ? 'aborted' : 'complete',
    timeSpent: addTime(run.manifest.timeSpent, timeSpent),
  };
  writeFileDurably(folder.manifest, jsonText(manifest));
  return { ...run, manifest, trials };
}

/** The times of an interrupted run and of its continuation. */
function addTime(before: TimeSpent | undefined, now: Omit<TimeSpent, 'reportMs'>): TimeSpent {
  const sums = { ...now, reportMs: 0 };
  for (const [name, ms] of Object.entries(before ?? {})) sums[name as keyof TimeSpent] += ms;
  return sums;
}
