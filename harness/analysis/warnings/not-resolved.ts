/** Figures that were looked for and are not resolved: which, where, and why. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Warning } from '../../results/schema/summary.ts';
import { metricsOf, whyAbsent, type CellTrials } from '../cells/cell-trials.ts';
import { counted, listed, sentence } from '../text/phrases.ts';
import { keyOf } from './trial-warnings.ts';

interface Gap {
  readonly cell: CellTrials;
  readonly metric: MetricDefinition;
  readonly why: string;
}

/** One warning of all of them; CPU time that may be missing has a warning of its own. */
export function notResolved(cells: readonly CellTrials[]): Warning | undefined {
  const gaps = cells.flatMap(gapsOf);
  if (gaps.length === 0) return undefined;
  const byTitle = [...Map.groupBy(gaps, ({ metric }) => metric.title)];
  return {
    code: 'not-resolved',
    message: `${sentence(listed(byTitle.map(described), Infinity))}.`,
    advice:
      'The figure is missing there; it is not 0. More clients, more exchanges or a longer load may resolve it.',
    cells: [...new Set(gaps.map(({ cell }) => cell))].map(keyOf),
  };
}

function gapsOf(cell: CellTrials): Gap[] {
  const { scenario, valid, completed } = cell;
  return metricsOf(scenario).flatMap((metric) => {
    const why = whyAbsent(metric, valid.length > 0 ? valid : completed, scenario);
    return why === undefined || metric.id.startsWith('cpu') ? [] : [{ cell, metric, why }];
  });
}

function described([title, gaps]: readonly [string, readonly Gap[]]): string {
  const [first] = gaps;
  if (!first) return title;
  const { server, clients } = first.cell;
  const example = `${server.name} with ${counted(clients, 'client')}: ${first.why}`;
  return `${title} in ${counted(gaps.length, 'cell')} (${gaps.length > 1 ? 'the first, ' : ''}${example})`;
}
