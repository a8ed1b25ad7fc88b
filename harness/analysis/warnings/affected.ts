/** The cells and trials that a condition is true of. */
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { Warning } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { counted } from '../text/phrases.ts';

/** Cells with those of their trials for which something is true. Never empty. */
export interface Affected {
  readonly cells: NonNullable<Warning['cells']>;
  readonly trials: readonly CompletedTrial[];
}

/** The completed trials for which a condition holds, with their cells; undefined where there is none. */
export function affected(
  cells: readonly CellTrials[],
  condition: (trial: CompletedTrial) => boolean,
): Affected | undefined {
  const hit = cells.flatMap((cell) => {
    const trials = cell.completed.filter(condition);
    return trials.length > 0 ? [{ key: keyOf(cell), trials }] : [];
  });
  return hit.length > 0
    ? { cells: hit.map(({ key }) => key), trials: hit.flatMap(({ trials }) => trials) }
    : undefined;
}

/** What names a cell in a warning. */
export function keyOf({ server, scenario, clients }: CellTrials): NonNullable<Warning['cells']>[number] {
  return { server: server.name, scenario: scenario.id, clients };
}

/** `in 5 trials (3 cells)`. */
export function inTrials({ trials, cells }: Affected): string {
  return `in ${counted(trials.length, 'trial')} (${counted(cells.length, 'cell')})`;
}
