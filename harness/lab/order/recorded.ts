/** A recorded run of one server under several names, as the figures that runs are drawn from. */
import { cellTrialsOf } from '../../analysis/cells/cell-trials.ts';
import { cellOf } from '../../analysis/cells/cells.ts';
import { sweepsOf } from '../../analysis/verdict/standings.ts';
import type { SweepCell } from '../../analysis/statistics/order/noise.ts';
import { UnfitError } from '../../errors.ts';
import type { Run } from '../../results/run.ts';

/** @throws UnfitError where nothing in it can be compared */
export function recordedCells(run: Run): {
  /** By metric, headline first. */
  readonly metrics: readonly (readonly SweepCell[])[];
  readonly servers: number;
  readonly levels: number;
  readonly repetitions: number;
} {
  const trials = cellTrialsOf(run);
  const metrics = sweepsOf(trials, trials.map(cellOf)).map(({ cells }) => cells);
  const cells = metrics[0] ?? [];
  if (cells.length < 2) throw new UnfitError(`Run ${run.manifest.id} has no two cells that can be compared.`);
  const number = (values: readonly unknown[]): number => new Set(values).size;
  return {
    metrics,
    servers: number(cells.map(({ server }) => server)),
    levels: number(cells.map(({ level }) => level)),
    repetitions: number(cells.flatMap(({ samples }) => samples.map(({ block }) => block))),
  };
}
