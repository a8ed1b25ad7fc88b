/** The run that the golden report is drawn from, as `recorded/record.ts` measured it. */
import { join } from 'node:path';
import { runFolder } from '../../harness/results/folder.ts';
import { readRun, type Run } from '../../harness/results/run.ts';

export function recordedRun(): Promise<Run> {
  return readRun(runFolder(join(import.meta.dirname, 'recorded', 'run')));
}
