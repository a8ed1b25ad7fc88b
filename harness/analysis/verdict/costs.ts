/** What holding clients costs, and who pays least. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { formatEstimate } from '../text/format.ts';
import { counted, listed } from '../text/phrases.ts';
import { standingsOf } from './contest.ts';

const COST_IDS: readonly string[] = ['cpu-per-exchange', 'memory-per-connection'];

/** The metrics that say what a server costs. */
export function costsAmong(metrics: readonly MetricDefinition[]): MetricDefinition[] {
  return metrics.filter(({ id }) => COST_IDS.includes(id));
}

/** Who pays least with so many clients, among those that held them; undefined where fewer than two did. */
export function cheapestSentence(
  cells: readonly Cell[],
  metrics: readonly MetricDefinition[],
  clients: number,
): string | undefined {
  const level = cells.filter((cell) => cell.clients === clients);
  const parts = costsAmong(metrics).flatMap((metric) => {
    const [standing] = standingsOf(level, metric);
    const [first, ...tied] = standing?.leaders ?? [];
    if (!standing || !first || tied.length + standing.behind.length === 0) return [];
    const figure = formatEstimate(first.estimate, metric.unit);
    return tied.length === 0
      ? `${metric.title} of ${first.server}, ${figure}`
      : `${metric.title} of ${listed(standing.leaders.map(({ server }) => server))}, from ${figure}, with no detectable difference`;
  });
  return parts.length > 0 ? `Lowest cost at ${counted(clients, 'client')}: ${parts.join('; ')}.` : undefined;
}
