/** What the figures say of one server, and who pays least for holding clients. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { formatEstimate, formatPercent } from '../text/format.ts';
import { holdsAll, isJudged, standingsOf } from './contest.ts';
import { counted, listed } from '../text/phrases.ts';

const COST_IDS: readonly string[] = ['cpu-per-exchange', 'memory-per-connection', 'pss-peak'];

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

/** @param cells those of this server and scenario, by ascending number of clients */
export function serverSentence(
  server: string,
  cells: readonly Cell[],
  metrics: readonly MetricDefinition[],
  headline: MetricDefinition,
): string {
  const seen = cells.filter((cell) => isJudged(cell) || cell.trials.failed > 0);
  const last = seen.findLast(isJudged);
  const failed = cells.reduce((sum, { trials }) => sum + trials.failed, 0);
  const failures = failed > 0 ? [`${counted(failed, 'trial')} failed`] : [];
  if (!last) {
    const invalid = cells.some(({ trials }) => trials.invalid > 0);
    const why = invalid ? 'no completed trial is valid' : 'no trial was completed';
    return `${[`${server}: ${why}, so nothing can be said of it`, ...failures].join('; ')}.`;
  }
  const shown = [headline, ...costsAmong(metrics).filter(({ id }) => id !== headline.id)];
  const figures = [
    ...outcomes(last),
    ...shown.flatMap((metric) => {
      const estimate = last.metrics[metric.id];
      return estimate ? `${metric.title} ${formatEstimate(estimate, metric.unit)}` : [];
    }),
    ...size(last),
  ];
  return `${[
    `${server} ${held(seen)}`,
    `at ${last.clients.toLocaleString('en')}: ${figures.join(', ')}`,
    ...failures,
  ].join('; ')}.`;
}

/** Up to how many clients none was lost or failed, at every level from the first. */
function held(seen: readonly Cell[]): string {
  const broken = seen.findIndex((cell) => !holdsAll(cell));
  const most = (broken === -1 ? seen : seen.slice(0, broken)).at(-1)?.clients;
  return most === undefined
    ? `lost or failed clients from the first level on (${seen[0]?.clients ?? 0})`
    : `held up to ${counted(most, 'client')} without losing or failing any`;
}

function outcomes({ outcomes: { asked, lost, failed } }: Cell): string[] {
  const share = (count: number, what: string) =>
    count > 0 ? [`${formatPercent(count / asked)} ${what}`] : [];
  return [...share(lost, 'lost'), ...share(failed, 'failed')];
}

/** Processes and threads: medians over trials, so a half is possible. */
function size({ metrics }: Cell): string[] {
  const { processes, threads } = metrics;
  return [
    ...(processes ? [counted(Math.round(processes.median), 'process', 'processes')] : []),
    ...(threads ? [counted(Math.round(threads.median), 'thread')] : []),
  ];
}
