/** The first sentence of a verdict: which server holds the most clients best here. */
import type { MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { formatEstimate, formatPercent } from '../text/format.ts';
import { comparedTo, counted, listed } from '../text/phrases.ts';
import { isJudged, type Contender, type Standing } from './contest.ts';

/**
 * Who is best with the most clients that any server held, and whether more were asked for than any held.
 *
 * @param cells all of one scenario
 * @param standings those of its headline, by ascending number of clients
 */
export function answer(
  cells: readonly Cell[],
  standings: readonly Standing[],
  headline: MetricDefinition,
): string {
  const measured = cells.filter((cell) => isJudged(cell) || cell.trials.failed > 0);
  const most = measured.reduce((largest, { clients }) => Math.max(largest, clients), 0);
  if (most === 0) return 'No verdict: no trial is completed and valid.';
  const last = standings.at(-1);
  if (last?.clients === most) return best(last, headline);
  const none = `No server held ${counted(most, 'client')} without losing or failing any${fewest(cells, most)}.`;
  return last ? `${none} ${best(last, headline)}` : none;
}

function best({ clients, leaders, behind, single }: Standing, metric: MetricDefinition): string {
  const [first, ...tied] = leaders;
  const last = tied.at(-1);
  const [next] = behind;
  if (!first) return '';
  const figure = ({ estimate }: Contender) => formatEstimate(estimate, metric.unit);
  const held = counted(clients, 'client');
  if (!last && !next && single.length === 0)
    return `Only ${first.server} held ${held}: ${metric.title} ${figure(first)}.`;
  const ratio = next && comparedTo(next.estimate.median, first.estimate.median);
  const rest = next ? `; next is ${next.server} with ${figure(next)}${ratio ? `, ${ratio}` : ''}` : '';
  const verdict = last
    ? `${listed(leaders.map(({ server }) => server))} held ${held} best, and no difference between them can be detected: ` +
      `${metric.title} from ${figure(first)} (${first.server}) to ${figure(last)} (${last.server})${rest}.`
    : `${first.server} held ${held} best: ${metric.title} ${figure(first)}${rest}.`;
  if (single.length === 0) return verdict;
  const have = single.length === 1 ? 'has' : 'have';
  return `${verdict} ${listed(single.map(({ server }) => server))} ${have} a single valid trial there, which is not compared.`;
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
