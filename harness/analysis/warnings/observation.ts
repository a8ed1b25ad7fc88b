/** Figures that could not be observed, or not as finely as was asked for. */
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatValue } from '../text/format.ts';
import type { Warning } from '../../results/schema/summary.ts';
import { listed } from '../text/phrases.ts';
import { affected, inTrials } from './affected.ts';

/** Files of the kernel that gave nothing. */
export function unreadable(cells: readonly CellTrials[]): Warning | undefined {
  const hit = affected(
    cells,
    ({ resources, kernel }) => resources.unreadable.length + kernel.unreadable.length > 0,
  );
  if (!hit) return undefined;
  const names = new Set(
    hit.trials.flatMap(({ resources, kernel }) => [...resources.unreadable, ...kernel.unreadable]),
  );
  return {
    code: 'unreadable',
    message: `The kernel did not provide everything ${inTrials(hit)}: ${listed([...names].toSorted(), Infinity)}.`,
    advice:
      'What was not read is missing from the figures; it is not 0. Another kernel or more rights would show it.',
  };
}

/** Trials in which sampling cost too much and was slowed down: peaks of memory and threads may have been missed. */
export function coarseSampling(cells: readonly CellTrials[]): Warning | undefined {
  const periods = cells.flatMap(({ completed }) => completed.map(({ resources }) => resources.periodMs));
  const finest = periods.reduce((least, period) => Math.min(least, period), Infinity);
  const hit = affected(cells, ({ resources }) => resources.periodMs > finest);
  if (!hit) return undefined;
  const slowest = Math.max(...hit.trials.map(({ resources }) => resources.periodMs));
  return {
    code: 'sampling',
    message:
      `Sampling was slowed down ${inTrials(hit)}, from every ${formatValue(finest, 'ms')} to every ` +
      `${formatValue(slowest, 'ms')} at most, so that it did not cost more than 1 % of a core.`,
    advice: 'Peaks of memory, threads and processes between two samples are missed there; CPU time is not.',
    cells: hit.cells,
  };
}
