/** The verdict: what the figures say, in sentences. Each is made of figures and their intervals, and of nothing else. */
import type { Plan, PlannedScenario, MetricDefinition } from '../../results/schema/plan.ts';
import type { Cell, VerdictSentence } from '../../results/schema/summary.ts';
import { headlineOf, metricsOf } from '../cells/cell-trials.ts';
import { answer } from './answer.ts';
import { standingsOf, isJudged } from './contest.ts';
import { cheapestSentence, serverSentence } from './server.ts';
import { crossingSentences, rangeSentences } from './ranges.ts';
import { formatPercent } from '../text/format.ts';
import { counted } from '../text/phrases.ts';

/**
 * For each scenario: the answer, which server is ahead for which numbers of clients, where they cross, what is
 * cheapest, how the brackets are to be read; then one sentence a server, in the plan's order.
 */
export function verdictOf(plan: Plan, cells: readonly Cell[]): VerdictSentence[] {
  return plan.scenarios.flatMap((scenario) => {
    const own = cells.filter((cell) => cell.scenario === scenario.id);
    return own.length > 0 ? scenarioVerdict(plan, scenario, own) : [];
  });
}

function scenarioVerdict(plan: Plan, scenario: PlannedScenario, cells: readonly Cell[]): VerdictSentence[] {
  const headline = headlineOf(scenario);
  if (!headline || headline.direction === 'neutral') {
    const text = `No verdict: the headline "${scenario.headline}" is not a metric that has a better direction.`;
    return [{ scenario: scenario.id, text }];
  }
  const metrics = metricsOf(scenario);
  const standings = standingsOf(cells, headline);
  const most = standings.at(-1)?.clients;
  const common = [
    answer(cells, standings, headline),
    ...rangeSentences(standings),
    ...crossingSentences(cells, headline),
    (most !== undefined && cheapestSentence(cells, metrics, most)) || '',
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
  const interval = `In brackets: interval of the median (at least ${level}) of ${trials} a cell`;
  return exact.length === estimates.length
    ? `${interval}.`
    : `${interval}; where fewer than 6 are valid, smallest to largest.`;
}
