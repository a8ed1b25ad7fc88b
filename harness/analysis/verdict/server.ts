/** What the figures say of one server, and who pays least for its clients. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, Standings } from '../../results/schema/summary.ts';
import { formatEstimate, formatPercent } from '../text/format.ts';
import { counted, listed } from '../text/phrases.ts';
import { costsAmong, faultOf, heldAll, isJudged } from './eligible.ts';
import { errorsOf } from './errors.ts';

/** Who pays least with so many clients; undefined where no two servers can be compared. */
export function cheapestSentence(
  cells: readonly Cell[],
  standings: readonly Standings[],
  metrics: readonly MetricDefinition[],
  clients: number,
): string | undefined {
  const parts = costsAmong(metrics).flatMap((metric) => {
    const standing = standings
      .find((one) => one.metric === metric.id)
      ?.levels.find((level) => level.clients === clients);
    if (!standing || standing.resolution === null) return [];
    const [first = '', ...tied] = standing.best;
    const cell = cells.find((one) => one.clients === clients && one.server === first);
    const estimate = cell?.metrics[metric.id];
    if (!estimate) return [];
    const figure = formatEstimate(estimate, metric.unit);
    const others = [...tied, ...standing.unplaced];
    return others.length === 0
      ? `${metric.title} of ${first}, ${figure}`
      : `${metric.title} of ${first}, ${figure}, from which ${listed(others)} cannot be told`;
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
  const faults = [...(failed > 0 ? [`${counted(failed, 'trial')} failed`] : []), ...errorsOf(cells)];
  if (!last) {
    const invalid = cells.some(({ trials }) => trials.invalid > 0);
    const why = invalid ? 'no completed trial is valid' : 'no trial was completed';
    return `${[`${server}: ${why}, so nothing can be said of it`, ...faults].join('; ')}.`;
  }
  const shown = [headline, ...costsAmong(metrics).filter(({ id }) => id !== headline.id)];
  const figures = [
    ...outcomes(last),
    ...atOnce(last),
    ...shown.flatMap((metric) => {
      const estimate = last.metrics[metric.id];
      return estimate ? `${metric.title} ${formatEstimate(estimate, metric.unit)}` : [];
    }),
    ...size(last),
  ];
  return `${[
    `${server} ${served(seen)}`,
    `at ${last.clients.toLocaleString('en')}: ${figures.join(', ')}`,
    ...faults,
  ].join('; ')}.`;
}

/** Up to how many clients every one was served without an error, at every level from the first. */
function served(seen: readonly Cell[]): string {
  const broken = seen.findIndex((cell) => faultOf(cell) !== undefined);
  const whole = broken === -1 ? seen : seen.slice(0, broken);
  const most = whole.at(-1)?.clients;
  if (most === undefined) {
    const first = seen[0]?.clients ?? 0;
    const lost = seen[0] && seen[0].outcomes.lost + seen[0].outcomes.failed > 0;
    return `${lost ? 'lost or failed clients' : 'had errors'} from the first level on (${first})`;
  }
  return `${whole.every(heldAll) ? 'held' : 'served'} up to ${counted(most, 'client')} without an error or a loss`;
}

function outcomes({ outcomes: { asked, lost, failed } }: Cell): string[] {
  const share = (count: number, what: string) =>
    count > 0 ? [`${formatPercent(count / asked)} ${what}`] : [];
  return [...share(lost, 'lost'), ...share(failed, 'failed')];
}

/** How many clients were connected at once, where it was not all of them in every trial. */
function atOnce(cell: Cell): string[] {
  if (heldAll(cell) || !cell.heldAtOnce) return [];
  const { min, max } = cell.heldAtOnce;
  const range = min === max ? String(max) : `${min.toLocaleString('en')} to ${max.toLocaleString('en')}`;
  return [`${range} connected at once at the peak`];
}

/** Processes and threads: medians over trials, so a half is possible. */
function size({ metrics }: Cell): string[] {
  const { processes, threads } = metrics;
  return [
    ...(processes ? [counted(Math.round(processes.median), 'process', 'processes')] : []),
    ...(threads ? [counted(Math.round(threads.median), 'thread')] : []),
  ];
}
