/** The first sentences of a verdict: who served the most clients best, who is not compared, what the run could tell. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, Standing, WhyNotCompared } from '../../results/schema/summary.ts';
import { formatEstimate, formatPercent } from '../text/format.ts';
import { comparedTo, counted, listed } from '../text/phrases.ts';
import { heldAll, isJudged } from './eligible.ts';

/**
 * Who is best with the most clients that any server served, and whether more were asked for than any served.
 *
 * @param cells all of one scenario
 * @param levels the standings by its headline, by ascending number of clients
 */
export function answer(
  cells: readonly Cell[],
  levels: readonly Standing[],
  headline: MetricDefinition,
): string[] {
  const measured = cells.filter((cell) => isJudged(cell) || cell.trials.failed > 0);
  const most = measured.reduce((largest, { clients }) => Math.max(largest, clients), 0);
  if (most === 0) return ['No verdict: no trial is completed and valid.'];
  const last = levels.findLast(({ best }) => best.length > 0);
  const without = last?.clients === most ? [] : [nobody(cells, levels, most)];
  if (!last) return without;
  const own = cells.filter(({ clients }) => clients === last.clients);
  return [[...without, best(last, own, headline)].join(' '), ...notCompared(last), ...resolution(last)];
}

/** Nobody can be compared with the most clients. */
function nobody(cells: readonly Cell[], levels: readonly Standing[], most: number): string {
  const there = levels.find(({ clients }) => clients === most)?.notCompared ?? [];
  const zeros = there.filter(({ why }) => why === 'not-above-zero');
  if (zeros.length > 0)
    return `With ${counted(most, 'client')} no order is claimed: where a figure is 0, no ratio says how far another is from it.`;
  return `No server served ${counted(most, 'client')} without an error or a loss${fewest(cells, most)}.`;
}

function best(
  { clients, best: names, behind, unplaced, notCompared: others, resolution: told }: Standing,
  cells: readonly Cell[],
  metric: MetricDefinition,
): string {
  const estimateOf = (server: string) => cells.find((cell) => cell.server === server)?.metrics[metric.id];
  const figure = (server: string): string => {
    const estimate = estimateOf(server);
    return estimate ? formatEstimate(estimate, metric.unit) : '';
  };
  const [first = '', ...tied] = names;
  const last = tied.at(-1);
  const verb = cells.every((cell) => !names.includes(cell.server) || heldAll(cell)) ? 'held' : 'served';
  const done = `${verb} ${counted(clients, 'client')}`;
  const alone = !last && behind.length + unplaced.length === 0;
  if (alone) {
    const single = others.some(({ why }) => why === 'single-trial');
    return `${others.length === 0 || single ? '' : 'Only '}${first} ${done}: ${metric.title} ${figure(first)}.`;
  }
  const range = last
    ? `${metric.title} from ${figure(first)} (${first}) to ${figure(last)} (${last})`
    : `${metric.title} ${figure(first)}`;
  const equal = last ? ', and the run cannot tell which of them is best' : '';
  const single = told === null ? ', because each has a single trial' : '';
  const verdict = `${listed(names)} ${done} best${equal}${single}: ${range}`;
  const [next] = behind;
  const ratio = next && comparedTo(estimateOf(next)?.median ?? 0, estimateOf(first)?.median ?? 0);
  const rest = next
    ? `; the nearest behind ${first} is ${next} with ${figure(next)}${ratio ? `, ${ratio}` : ''}`
    : '';
  if (unplaced.length === 0) return `${verdict}${rest}.`;
  const scatter = unplaced.map((server) => `${server} with ${figure(server)}`);
  const [has, its] = unplaced.length === 1 ? ['has no place', 'its'] : ['have no place', 'their'];
  return `${verdict}${rest}. ${listed(scatter)} ${has}, because ${its} trials scatter too much to be told from ${first}.`;
}

const WHY: Readonly<Record<WhyNotCompared, string>> = {
  'failed-trials': 'trials failed',
  'lost-clients': 'clients were lost',
  'failed-clients': 'clients failed',
  errors: 'exchanges or connections failed',
  'not-valid': 'no trial is valid',
  'not-measured': 'the figure was not measured',
  'single-trial': 'there is a single valid trial',
  'not-above-zero': 'a figure is 0 or below',
};

/** Who takes no part at this level, by reason. */
function notCompared({ clients, notCompared: others }: Standing): string[] {
  if (others.length === 0) return [];
  const reasons = [...Map.groupBy(others, ({ why }) => why)].map(
    ([why, servers]) => `${listed(servers.map(({ server }) => server))} (${WHY[why]})`,
  );
  return [`Not compared with ${counted(clients, 'client')}: ${listed(reasons, Infinity)}.`];
}

/** From which difference on the run can tell, and how many trials would tell half of it. */
function resolution({ clients, resolution: told }: Standing): string[] {
  if (!told) return [];
  const { trials, ratio, more } = told;
  const share = (value: number) => formatPercent(value - 1, 2);
  const then = more ? `; ${counted(more.trials, 'trial')} would tell ${share(more.ratio)}` : '';
  return [
    `With ${counted(trials, 'trial')} this run tells differences from ${share(ratio)} on at ${counted(clients, 'client')}${then}.`,
  ];
}

/** Who lost and failed the smallest share of so many clients. */
function fewest(cells: readonly Cell[], clients: number): string {
  const [least] = cells
    .filter((cell) => cell.clients === clients && isJudged(cell) && cell.outcomes.asked > 0)
    .map(({ server, outcomes }) => ({ server, share: (outcomes.lost + outcomes.failed) / outcomes.asked }))
    .toSorted((a, b) => a.share - b.share);
  return least && least.share > 0
    ? `; ${least.server} lost or failed fewest, ${formatPercent(least.share)}`
    : '';
}
