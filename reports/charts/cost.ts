/** Section 8 and 9: what serving costs the machine, and who was not served; then the scenario's own figures. */
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { sweepChart } from './sweep.ts';

const COST = [
  ['cpu-per-exchange', 'CPU per exchange'],
  ['memory-per-connection', 'Memory per connection'],
  ['cpu-per-connection', 'CPU per connection'],
  ['rss-peak', 'Peak memory of the process tree'],
  ['threads', 'Threads'],
  ['processes', 'Processes'],
  ['switches-per-exchange', 'Context switches per exchange'],
] as const;

export function costCharts(scope: ScenarioScope): ChartView[] {
  return COST.flatMap(([metric, title]) => sweepChart(scope, { section: 'cost', metric, title }) ?? []);
}

/** Lost and failed clients, and every metric that the scenario brought itself. */
export function lostCharts(scope: ScenarioScope): ChartView[] {
  const own = scope.scenario.metrics
    .filter((metric) => metric.source.from !== 'trial')
    .map((metric) => metric.id);
  return ['lost', 'failed', ...own].flatMap((metric) => {
    const title = metric === 'lost' ? 'Lost clients' : metric === 'failed' ? 'Failed clients' : undefined;
    return sweepChart(scope, { section: 'lost', metric, ...(title ? { title } : {}) }) ?? [];
  });
}

/** Whether any client was lost or failed at all: a page of flat lines at zero says less than a sentence. */
export function anyoneLost(chart: ChartView): boolean {
  return chart.spec.series.some(({ points }) =>
    points.some((point) => point[1] === null || (point[1] ?? 0) !== 0),
  );
}
