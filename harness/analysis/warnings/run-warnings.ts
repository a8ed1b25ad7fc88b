/** Everything about a run that a reader has to know before believing its figures, the gravest first. */
import type { Run } from '../../results/run.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { failedTrials, fewTrials, incomplete } from './completeness.ts';
import { failedExchanges, nothingCompleted, reconnected } from './exchanges.ts';
import { disturbances, governor } from './machine.ts';
import { notResolved } from './not-resolved.ts';
import { driftingCells, driftOfRun, unstable } from './stability.ts';
import { faultWarnings, observationWarnings } from './trial-warnings.ts';

/** @param cells the trials of the run, sorted into cells */
export function warningsOf(run: Run, cells: readonly CellTrials[]): Warning[] {
  const warnings = [
    incomplete(run, cells),
    nothingCompleted(cells),
    failedTrials(cells),
    ...failedExchanges(cells),
    ...faultWarnings(cells),
    reconnected(cells),
    fewTrials(cells),
    unstable(cells),
    driftOfRun(run, cells),
    driftingCells(cells),
    ...disturbances(cells),
    governor(run),
    ...observationWarnings(cells),
    notResolved(cells),
  ];
  return warnings.filter((warning) => warning !== undefined);
}
