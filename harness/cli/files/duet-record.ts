/** The files of a duet: plan and environment before the first launch, the journal as it goes, the comparison at the end. */
import type { DuetComparison } from '../../results/schema/comparison.ts';
import type { DuetPlan } from '../../results/schema/duet-plan.ts';
import type { Environment, RunManifest } from '../../results/schema/run.ts';
import { jsonText, writeFileDurably } from '../../results/files.ts';
import { createRunFolder, pointLatest, type RunFolder } from '../../results/folder.ts';
import { writeBeginning } from './run-record.ts';

/** A duet that is being measured. */
export interface OpenDuet {
  readonly folder: RunFolder;
  readonly manifest: RunManifest;
}

/** Creates the folder of a duet; `latest` beside it points there. @throws UnfitError */
export function createDuetFolder(resultsPath: string): RunFolder {
  const folder = createRunFolder(resultsPath);
  pointLatest(folder);
  return folder;
}

/** Writes what is known before the first launch. @throws UnfitError */
export function beginDuet(folder: RunFolder, plan: DuetPlan, environment: Environment): OpenDuet {
  const hashes = { base: plan.base.contentHash, head: plan.head.contentHash };
  return { folder, manifest: writeBeginning(folder, plan, environment, hashes) };
}

/** Writes what came out. @throws UnfitError */
export function endDuet({ folder, manifest }: OpenDuet, comparison: DuetComparison): void {
  const status = comparison.duet.aborted ? 'aborted' : 'complete';
  writeFileDurably(folder.comparison, jsonText(comparison));
  writeFileDurably(folder.manifest, jsonText({ ...manifest, status }));
}
