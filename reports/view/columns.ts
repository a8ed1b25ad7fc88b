/** What every table of cells shows beside its metrics: how the trials went, what failed, how many were held at once. */
import { failuresOf } from '../../harness/analysis/cells/faults.ts';
import { estimateParts, formatPercent, formatValue } from '../../harness/analysis/text/format.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { Cell } from '../../harness/results/schema/summary.ts';
import type { ValidityCheck } from '../../harness/results/schema/trial.ts';
import { whyMissing } from './estimate.ts';
import type { CellView, ColumnView } from './view.ts';

/** A column and what stands in it for a cell; undefined: the cell was not planned. */
export interface CellColumn {
  readonly column: ColumnView;
  readonly of: (cell: Cell | undefined) => CellView;
}

const NOTHING: CellView = { text: formatValue(null, 'count') };

export function metricColumn(metric: MetricDefinition): ColumnView {
  return { title: metric.title, numeric: true, about: metric.description };
}

/**
 * The figures of one cell. That they are not valid, or the reason that none was measured, stands once in a row, at the
 * first.
 *
 * @param later the row has figures before these
 */
export function metricCells(
  cell: Cell | undefined,
  metrics: readonly MetricDefinition[],
  later = false,
): CellView[] {
  const nothing = (cell?.trials.completed ?? 0) === 0;
  return metrics.map((metric, i) =>
    nothing && (later || i > 0)
      ? { text: formatValue(null, metric.unit) }
      : metricCell(cell, metric, !later && i === 0),
  );
}

/** A figure with its spread, or a dash with the reason. */
function metricCell(cell: Cell | undefined, metric: MetricDefinition, first: boolean): CellView {
  const estimate = cell?.metrics[metric.id];
  if (!estimate || !Number.isFinite(estimate.median)) {
    return { text: formatValue(null, metric.unit), note: whyMissing(cell, metric) };
  }
  const { median, spread } = estimateParts(estimate, metric.unit);
  return {
    text: first && cell.invalidOnly ? `${median}, not valid` : median,
    value: estimate.median,
    ...(spread ? { note: spread } : {}),
  };
}

/** `3 of 3`, with what went wrong. */
export const TRIALS: CellColumn = {
  column: {
    title: 'trials',
    numeric: true,
    about: 'Completed of planned; what failed or is not valid is named, with its reason.',
  },
  of: (cell) => {
    if (!cell) return { ...NOTHING, note: 'not planned' };
    const { planned, completed, failed, aborted, invalid } = cell.trials;
    const parts = [
      `${completed} of ${planned}`,
      failed > 0 ? `${failed} failed` : '',
      aborted > 0 ? `${aborted} stopped` : '',
      invalid > 0 ? `${invalid} not valid` : '',
    ].filter(Boolean);
    const why = cell.notValid.map(({ check }) => CHECKS[check as ValidityCheck['id']] ?? check).join(', ');
    return { text: parts.join(', '), value: completed, ...(why ? { note: why } : {}) };
  },
};

/** What a check that failed says of a trial, in a few words. */
const CHECKS: Readonly<Record<ValidityCheck['id'], string>> = {
  answers: 'wrong answers',
  conservation: 'counts do not add up',
  'littles-law': 'clients were idle or lost',
  'generator-saturated': 'generator saturated',
  'generator-late': 'generator late',
  'offered-rate': 'rate not reached',
  'nothing-due': 'no request fell due',
  established: 'not all connected at once',
};

/** Connections at once, each proven by an answer: how many of the clients a server really held. */
export const HELD: CellColumn = {
  column: {
    title: 'held at once (peak)',
    numeric: true,
    about:
      'Most connections that a trial held at the same time, each proven by an answer: the trial in the middle, and the fewest and most of all trials where they differ.',
  },
  of: (cell) => {
    if (!cell?.heldAtOnce) return NOTHING;
    const { min, median, max } = cell.heldAtOnce;
    const range = min === max ? '' : `[${formatValue(min, 'count')} to ${formatValue(max, 'count')}]`;
    return { text: formatValue(median, 'count'), value: median, ...(range ? { note: range } : {}) };
  },
};

/** Exchanges and connections that failed: how many of how many, of which kinds, and the words of the first of each. */
export const ERRORS: CellColumn = {
  column: {
    title: 'errors',
    numeric: true,
    about:
      'Exchanges and connection attempts that ended by an error, of all that were begun, over all completed trials; by kind, with the words of the first. Clients that gave up waiting are not among them.',
  },
  of: (cell) => {
    if (!cell || cell.trials.completed === 0) return NOTHING;
    const kinds = failuresOf(cell.errors);
    const failed = kinds.reduce((sum, [, count]) => sum + count, 0);
    if (failed === 0) return { text: formatValue(0, 'count'), value: 0 };
    const attempts = cell.attempts.exchanges + cell.attempts.connects;
    const words = new Map(cell.firstErrors.map(({ kind, message }) => [kind, message]));
    const named = kinds.map(([kind, count]) => {
      const first = words.get(kind);
      return `${kind} ${formatValue(count, 'count')}${first === undefined ? '' : `: ${first}`}`;
    });
    return {
      text: `${formatValue(failed, 'count')} (${formatPercent(failed / attempts, 2)})`,
      value: failed,
      note: named.join('; '),
      tone: 'bad',
    };
  },
};

/** Whether anything failed in any of some cells, so that the column of errors says something. */
export function anyErrors(cells: readonly Cell[]): boolean {
  return cells.some(({ errors }) => failuresOf(errors).length > 0);
}
