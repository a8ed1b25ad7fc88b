/** From a run to its summary. Pure: the same run gives the same summary, byte for byte. */
import type { Run } from '../results/run.ts';
import type { MetricDefinition } from '../results/schema/plan.ts';
import type { Cell, Summary } from '../results/schema/summary.ts';
import { cellTrialsOf, metricsOf } from './cells/cell-trials.ts';
import { cellOf } from './cells/cells.ts';
import { predictionsOf } from './predictions/predictions.ts';
import { warningsOf } from './warnings/run-warnings.ts';
import { scalingOf } from './scaling-fit.ts';
import { standingsOf } from './verdict/standings.ts';
import { verdictOf } from './verdict/verdict.ts';

/**
 * Summarises a run, complete or not: an estimate of every metric in every cell, and what can be said of them.
 *
 * @throws UnfitError when a trial names a server or scenario that the run's plan does not hold
 */
export function summarise(run: Run): Summary {
  const trials = cellTrialsOf(run);
  const cells = trials.map(cellOf);
  const standings = standingsOf(trials, cells);
  return {
    schema: 1,
    runId: run.manifest.id,
    metrics: allMetrics(run),
    cells,
    standings,
    verdict: verdictOf(run.plan, cells, standings),
    warnings: warningsOf(run, trials),
    scaling: scalingOf(run, trials),
    models: predictionsOf(run, trials),
    totals: totalsOf(cells),
  };
}

/** Every metric of the run, each once: those of every trial first, then the scenarios' own. */
function allMetrics(run: Run): MetricDefinition[] {
  const all = run.plan.scenarios.flatMap(metricsOf);
  return [...new Map(all.map((metric) => [metric.id, metric])).values()];
}

function totalsOf(cells: readonly Cell[]): Summary['totals'] {
  const sum = (count: keyof Summary['totals']) =>
    cells.reduce((total, { trials }) => total + trials[count], 0);
  return {
    planned: sum('planned'),
    completed: sum('completed'),
    failed: sum('failed'),
    aborted: sum('aborted'),
    invalid: sum('invalid'),
  };
}
