/** Everything about a run that a reader has to know before believing its figures, the gravest first. */
import type { Run } from '../results/run.ts';
import type { CellTrials } from './cell-trials.ts';
import type { Warning } from './warnings.ts';
import { failedTrials, fewTrials, incomplete } from './warnings/completeness.ts';
import { backlog, exhausted } from './warnings/connections.ts';
import { foreignLoad, governor, steal } from './warnings/machine.ts';
import { coarseSampling, unreadable } from './warnings/observation.ts';
import { driftingCells, driftOfRun, unstable } from './warnings/stability.ts';
import { invalidTrials } from './warnings/validity.ts';

/** @param cells the trials of the run, sorted into cells */
export function warningsOf(run: Run, cells: readonly CellTrials[]): Warning[] {
  return [
    ...incomplete(run, cells),
    ...failedTrials(cells),
    ...exhausted(cells),
    ...invalidTrials(cells),
    ...backlog(cells),
    ...fewTrials(cells),
    ...unstable(cells),
    ...driftOfRun(run, cells),
    ...driftingCells(cells),
    ...steal(cells),
    ...foreignLoad(cells),
    ...governor(run),
    ...unreadable(cells),
    ...coarseSampling(cells),
  ];
}
