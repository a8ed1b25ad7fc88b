/** Runs made of figures, written to disk by the functions that write real ones. */
import { beginRun, endRun } from '../../harness/cli/files/run-record.ts';
import { Journal } from '../../harness/results/journal.ts';
import type { RunFolder } from '../../harness/results/folder.ts';
import type { Run } from '../../harness/results/run.ts';

const NO_TIME = {
  spawnMs: 0,
  readyMs: 0,
  prepareMs: 0,
  loadMs: 0,
  stopMs: 0,
  betweenMs: 0,
  totalMs: 0,
};

/** Writes a run below a results folder as if it had just been measured. */
export async function storeRun(run: Run, resultsPath: string): Promise<RunFolder> {
  await using open = await beginRun(run.plan, run.environment, resultsPath);
  using journal = new Journal(open.folder.trials);
  for (const trial of run.trials) journal.append(trial);
  endRun(open, run.trials, NO_TIME, run.manifest.status === 'aborted');
  return open.folder;
}
