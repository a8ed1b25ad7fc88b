/** Section 11: every trial in the order in which it ran, relative to its cell: drift and warm-up show here. */
import type { PointSpec, SeriesSpec } from '../drawing/spec.ts';
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { readMetric } from '../../harness/results/metrics.ts';
import { compact } from '../view/estimate.ts';
import { chartId, NARROW_HEIGHT } from './sweep.ts';

/** None where no cell has two completed trials to compare. */
export function orderChart(scope: ScenarioScope): ChartView[] {
  const metric = scope.metrics.get(scope.scenario.headline);
  if (!metric) return [];
  let several = false;
  const series = scope.servers.flatMap((_, server): SeriesSpec[] => {
    const points = scope.cellsOf(server).flatMap((cell) => {
      const median = cell.metrics[metric.id]?.median;
      several ||= cell.trials.completed > 1;
      return scope.trialsOf(cell).flatMap((trial): PointSpec[] => {
        if (trial.status === 'failed') return [[trial.trial.index + 1, null, null, null, 1]];
        const value =
          trial.status === 'completed' ? readMetric(metric, trial, scope.scenario.idealMs) : undefined;
        if (value === undefined || !median) return [];
        const invalid = trial.status === 'completed' && trial.checks.some((check) => !check.ok);
        return [[trial.trial.index + 1, compact(value / median), null, null, invalid ? 2 : 0]];
      });
    });
    return points.length > 0 ? [{ server, points }] : [];
  });
  const places = series.flatMap(({ points }) => points.map(([x]) => x));
  if (!several || places.length === 0) return [];
  const [first, last] = [Math.min(...places), Math.max(...places)];
  return [
    {
      id: chartId('order', metric.id, scope),
      section: 'order',
      scenario: scope.index,
      title: `Every trial's ${metric.title}, relative to the median of its cell`,
      description: `${places.length} trials in the order in which they ran. Points that wander off 100 % over the run mean that the machine changed.`,
      caption:
        'Left to right: the order in which the trials ran, drawn from the seed of the plan. A trend over the whole run is drift of the machine, not of a server; a cross at the top is a trial that failed.',
      wide: true,
      spec: {
        x: { title: 'trial', unit: 'count', scale: 'linear', domain: [first - 0.5, last + 0.5] },
        y: { title: `${metric.title} / median of its cell`, unit: 'ratio', scale: 'log' },
        series,
        references: [{ name: '', points: [first, last].map((x) => [x, 1]) }],
        kind: 'scatter',
        dots: true,
        height: NARROW_HEIGHT,
      },
    },
  ];
}
