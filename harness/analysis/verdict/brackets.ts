/** How the brackets behind the figures of a verdict are to be read. */
import type { MetricDefinition } from '../../results/schema/metric.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { formatPercent } from '../text/format.ts';
import { counted } from '../text/phrases.ts';
import { isJudged } from './contest.ts';

/** undefined where there is no figure, or where all are of single trials and have no brackets. */
export function bracketsSentence(cells: readonly Cell[], headline: MetricDefinition): string | undefined {
  const estimates = cells.filter(isJudged).flatMap(({ metrics }) => metrics[headline.id] ?? []);
  const counts = estimates.map(({ n }) => n);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (estimates.length === 0) return undefined;
  if (most < 2) return 'Each figure is that of a single trial, between which no difference can be told.';
  const exact = estimates.flatMap(({ interval }) => interval ?? []);
  const trials = fewest === most ? counted(most, 'trial') : `${fewest} to ${counted(most, 'trial')}`;
  if (exact.length === 0) return `In brackets: smallest to largest of ${trials}, too few for an interval.`;
  const level = formatPercent(Math.min(...exact.map((interval) => interval.level)));
  const interval = `In brackets: interval of the median (at least ${level}) of ${trials} a cell`;
  return exact.length === estimates.length
    ? `${interval}.`
    : `${interval}; where fewer than 6 are valid, smallest to largest.`;
}
