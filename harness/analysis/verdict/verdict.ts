/** The verdict: what standings and figures say, in sentences. Each claim of order is made of the standings alone. */
import type { Plan, PlannedScenario, MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, Standings, VerdictSentence } from '../../results/schema/summary.ts';
import { headlineOf, metricsOf } from '../cells/cell-trials.ts';
import { answer } from './answer.ts';
import { isJudged } from './eligible.ts';
import { cheapestSentence, serverSentence } from './server.ts';
import { overallSentence, overtakingSentences, rangeSentences } from './ranges.ts';
import { formatPercent } from '../text/format.ts';
import { counted } from '../text/phrases.ts';

/**
 * For each scenario: the answer, who is not compared, what the run could tell, which server is ahead for which numbers
 * of clients, where one overtakes another, what is cheapest, how the brackets are to be read; then one sentence a
 * server, in the plan's order.
 */
export function verdictOf(
  plan: Plan,
  cells: readonly Cell[],
  standings: readonly Standings[],
): VerdictSentence[] {
  return plan.scenarios.flatMap((scenario) => {
    const own = cells.filter((cell) => cell.scenario === scenario.id);
    const judged = standings.filter((one) => one.scenario === scenario.id);
    return own.length > 0 ? scenarioVerdict(plan, scenario, own, judged) : [];
  });
}

function scenarioVerdict(
  plan: Plan,
  scenario: PlannedScenario,
  cells: readonly Cell[],
  standings: readonly Standings[],
): VerdictSentence[] {
  const headline = headlineOf(scenario);
  const order = standings.find(({ metric }) => metric === headline?.id);
  if (!headline || !order) {
    const text = `No verdict: the headline "${scenario.headline}" is not a metric that has a better direction.`;
    return [{ scenario: scenario.id, text }];
  }
  const metrics = metricsOf(scenario);
  const most = order.levels.findLast(({ best }) => best.length > 0)?.clients;
  const common = [
    ...answer(cells, order.levels, headline),
    ...rangeSentences(order.levels),
    ...overallSentence(order),
    ...overtakingSentences(order),
    (most !== undefined && cheapestSentence(cells, standings, metrics, most)) || '',
    bracketsSentence(cells, headline) ?? '',
  ].filter((text) => text !== '');
  const servers = plan.servers.flatMap(({ name }) => {
    const own = cells.filter(({ server }) => server === name);
    if (own.length === 0) return [];
    const text = serverSentence(name, own, metrics, headline);
    return [{ scenario: scenario.id, server: name, text }];
  });
  return [...common.map((text) => ({ scenario: scenario.id, text })), ...servers];
}

/** How the brackets behind the figures are to be read; undefined where there is no figure. */
function bracketsSentence(cells: readonly Cell[], headline: MetricDefinition): string | undefined {
  const estimates = cells.filter(isJudged).flatMap(({ metrics }) => metrics[headline.id] ?? []);
  const counts = estimates.map(({ n }) => n);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (estimates.length === 0) return undefined;
  if (most < 2) return 'Each figure comes from a single trial, so no difference can be detected.';
  const exact = estimates.flatMap(({ interval }) => interval ?? []);
  const trials = fewest === most ? counted(most, 'trial') : `${fewest} to ${counted(most, 'trial')}`;
  if (exact.length === 0) return `In brackets: smallest to largest of ${trials}, too few for an interval.`;
  const level = formatPercent(Math.min(...exact.map((interval) => interval.level)));
  const interval = `In parentheses: interval of the median (at least ${level}) of ${trials} a cell`;
  return exact.length === estimates.length
    ? `${interval}.`
    : `${interval}; where fewer than 6 are valid, in brackets smallest to largest.`;
}
