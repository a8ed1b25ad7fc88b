/** Everything about a run that a reader has to know before believing its figures, the gravest first. */
import type { Run } from '../../results/run.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { failedTrials, fewTrials, incomplete } from './completeness.ts';
import { backlog, exhausted } from './connections.ts';
import { foreignLoad, governor, steal } from './machine.ts';
import { coarseSampling, unreadable } from './observation.ts';
import { driftingCells, driftOfRun, unstable } from './stability.ts';
import { invalidTrials } from './validity.ts';

/** @param cells the trials of the run, sorted into cells */
export function warningsOf(run: Run, cells: readonly CellTrials[]): Warning[] {
  const warnings = [
    incomplete(run, cells),
    failedTrials(cells),
    ...exhausted(cells),
    ...invalidTrials(cells),
    backlog(cells),
    fewTrials(cells),
    unstable(cells),
    driftOfRun(run, cells),
    driftingCells(cells),
    steal(cells),
    foreignLoad(cells),
    governor(run),
    unreadable(cells),
    coarseSampling(cells),
  ];
  return warnings.filter((warning) => warning !== undefined);
}
