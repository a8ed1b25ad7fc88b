/** Figures that moved during the run, or spread widely. */
import type { Run } from '../../results/run.ts';
import type { Warning } from '../../results/schema/summary.ts';
import { readMetric } from '../../results/metrics.ts';
import { headlineOf, valuesOf, type CellTrials } from '../cells/cell-trials.ts';
import { estimate, spreadOf } from '../cells/cells.ts';
import { formatPercent } from '../text/format.ts';
import { binomialAtLeast } from '../statistics/tests/binomial.ts';
import { drift, DRIFT_ALPHA } from '../statistics/estimators/drift.ts';
import { median } from '../statistics/estimators/quantile.ts';
import { counted } from '../text/phrases.ts';
import { keyOf } from './trial-warnings.ts';

/** An interval that reaches further than this to either side of its median is wide. */
const WIDE = 0.1;
/** The smallest p of the trend test is 2/n!: at 1 % it can find something from 6 values on. */
const FEWEST_FOR_DRIFT = 6;
/** A drift over the whole run below this changes no conclusion. */
const SLIGHT = 0.02;
/** The run is cut into at most so many parts, for which the trend test is exact. */
const PARTS = 60;

/** Cells whose headline moved steadily over their trials, where they are more than chance would have. */
export function driftingCells(cells: readonly CellTrials[]): Warning | undefined {
  const tested = headlines(cells).filter(({ values }) => values.length >= FEWEST_FOR_DRIFT);
  const drifting = tested.filter(({ values }) => drift(values)?.drifting);
  const byChance = binomialAtLeast(drifting.length, tested.length, DRIFT_ALPHA);
  if (drifting.length === 0 || byChance > 0.05) return undefined;
  return {
    code: 'drift',
    message:
      `The headline moved steadily over the trials of ${drifting.length} of ${counted(tested.length, 'cell')} ` +
      `(${Number((tested.length * DRIFT_ALPHA).toPrecision(1))} would be expected by chance).`,
    advice:
      'Their trials are not repetitions of one another: something warms up or fills up. Look at the trials in the order in which they ran.',
    cells: drifting.map(({ cell }) => keyOf(cell)),
  };
}

/** Whether everything became slower or faster while the run went on, whatever was measured. */
export function driftOfRun(run: Run, cells: readonly CellTrials[]): Warning | undefined {
  const relative = cells.flatMap((cell) => {
    const headline = headlineOf(cell.scenario);
    const values = headline ? valuesOf(headline, cell.valid, cell.scenario) : [];
    const middle = values.length > 1 ? median(values) : 0;
    if (!headline || !(middle > 0)) return [];
    return cell.valid.flatMap((trial) => {
      const value = readMetric(headline, trial, cell.scenario.idealMs);
      return value === undefined ? [] : [{ index: trial.trial.index, ratio: value / middle }];
    });
  });
  const parts = inParts(relative.toSorted((a, b) => a.index - b.index).map(({ ratio }) => ratio));
  const trend = parts.length >= FEWEST_FOR_DRIFT ? drift(parts) : null;
  const change = trend ? trend.slopePerTrial * (parts.length - 1) : 0;
  if (!trend?.drifting || Math.abs(change) < SLIGHT) return undefined;
  const direction = change > 0 ? 'rose' : 'fell';
  return {
    code: 'drift',
    message: `Over run ${run.manifest.id} the headline ${direction} by ${formatPercent(Math.abs(change), 2)}, whatever was measured.`,
    advice:
      'The machine changed while it was measured (temperature, neighbours, memory). The order was random, so that no ' +
      'server gained by it; all intervals are wider for it.',
  };
}

/** Cells whose interval (or range, under six trials) is wide. */
export function unstable(cells: readonly CellTrials[]): Warning | undefined {
  const wide = headlines(cells).flatMap(({ cell, values }) => {
    const figures = estimate(values);
    if (!figures || figures.n < 2 || figures.median === 0) return [];
    const { low, high } = spreadOf(figures);
    const reach = (high - low) / 2 / Math.abs(figures.median);
    return reach > WIDE ? [{ cell, reach }] : [];
  });
  const [worst] = wide.toSorted((a, b) => b.reach - a.reach);
  if (!worst) return undefined;
  const { server, clients } = worst.cell;
  return {
    code: 'unstable',
    message:
      `In ${counted(wide.length, 'cell')} the trials spread by more than ± ${formatPercent(WIDE)} of their median, at ` +
      `most ± ${formatPercent(worst.reach, 2)} (${server.name} with ${counted(clients, 'client')}).`,
    advice:
      'Add trials (--precision 5%), or look for what differs between them in the order in which they ran.',
    cells: wide.map(({ cell }) => keyOf(cell)),
  };
}

function headlines(
  cells: readonly CellTrials[],
): { readonly cell: CellTrials; readonly values: readonly number[] }[] {
  return cells.flatMap((cell) => {
    const headline = headlineOf(cell.scenario);
    return headline ? [{ cell, values: valuesOf(headline, cell.valid, cell.scenario) }] : [];
  });
}

/** Medians of parts of equal length, in order. */
function inParts(values: readonly number[]): number[] {
  const count = Math.min(PARTS, values.length);
  return Array.from({ length: count }, (_, i) => {
    const edge = (part: number) => Math.floor((part * values.length) / count);
    return median(values.slice(edge(i), edge(i + 1)));
  });
}
