/** Section 3 and 4: elapsed time against clients, the picture of the project, and what of it is above the ideal. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { sweepChart } from './sweep.ts';

const CROSSES =
  'A cross marks a point where clients were lost or failed, a hollow point one with a trial that is not valid.';

/** Elapsed time, and the scenario's headline before it where that is another metric. */
export function elapsedCharts(scope: ScenarioScope): ChartView[] {
  const { headline, idealMs } = scope.scenario;
  const ideal = {
    name: `ideal ${formatValue(idealMs, 'ms')}`,
    points: scope.levels.map((n) => [n, idealMs] as const),
  };
  const elapsed = sweepChart(scope, {
    section: 'elapsed',
    metric: 'elapsed',
    title: 'Elapsed time',
    wide: true,
    references: idealMs > 0 ? [ideal] : [],
    curve: (server) => modelCurve(scope, server),
    quietCurves: true,
    remark: `${CROSSES} Grey: the ideal, one client with a server that answers at once. Highlighting a server shows its model's prediction as a thin line.`,
  });
  const first =
    headline === 'elapsed'
      ? undefined
      : sweepChart(scope, { section: 'elapsed', metric: headline, wide: true, remark: CROSSES });
  return [first, elapsed].filter((chart) => chart !== undefined);
}

/** Elapsed time above the ideal. */
export function overheadChart(scope: ScenarioScope): ChartView | undefined {
  return sweepChart(scope, {
    section: 'overhead',
    metric: 'overhead',
    title: 'Overhead: elapsed time above the ideal',
    wide: true,
    remark: 'Servers that lie on top of each other in the chart above are told apart here.',
  });
}

/** Elapsed time that the architecture's analytic model predicts. */
function modelCurve(
  scope: ScenarioScope,
  server: number,
): readonly (readonly [number, number])[] | undefined {
  const name = scope.servers[server]?.name;
  const model = scope.summary.models.find((one) => one.server === name && one.scenario === scope.scenario.id);
  const points = model?.points.filter((point) => Number.isFinite(point.elapsedMs) && point.elapsedMs > 0);
  return points && points.length > 0
    ? points.map((point) => [point.clients, point.elapsedMs] as const)
    : undefined;
}
