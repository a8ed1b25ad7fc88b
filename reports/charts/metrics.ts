/** Sections 3, 4 and 6 to 9: which metrics are drawn against the number of clients, and what else their charts show. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { ScalingFit } from '../../harness/results/schema/summary.ts';
import type { ScenarioScope } from '../view/scope.ts';
import type { ChartView } from '../view/view.ts';
import { sweepChart } from './sweep.ts';

const CROSSES =
  'A cross marks a point where clients were lost, or clients or exchanges failed, a hollow point one with a trial that is not valid.';

/** What it means for a figure that its server was cold, or warm. */
const STATES = {
  cold: 'Cold: every trial starts its server afresh.',
  warm: 'Warm: every server was warmed up before its load.',
} as const;

function stateOf({ scenario }: ScenarioScope): keyof typeof STATES {
  return scenario.warmedBy ? 'warm' : 'cold';
}

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
    curve: (server) => predictedCurve(scope, server),
    quietCurves: true,
    remark: `${CROSSES} Grey: the ideal, one client with a server that answers at once. Highlighting a server shows its model's prediction as a thin line.`,
  });
  if (headline === 'elapsed') return elapsed;
  return [
    ...sweepChart(scope, { section: 'elapsed', metric: headline, wide: true, remark: CROSSES }),
    ...elapsed,
  ];
}

/** Elapsed time above the ideal. */
export function overheadChart(scope: ScenarioScope): ChartView[] {
  return sweepChart(scope, {
    section: 'overhead',
    metric: 'overhead',
    title: 'Overhead: elapsed time above the ideal',
    wide: true,
    remark: 'Servers that lie on top of each other in the chart above are told apart here.',
  });
}

/** Elapsed time that the architecture's analytic model predicts. */
function predictedCurve(scope: ScenarioScope, server: number): [clients: number, elapsedMs: number][] {
  const name = scope.servers[server]?.name;
  const model = scope.summary.models.find((one) => one.server === name && one.scenario === scope.scenario.id);
  return (model?.points ?? []).flatMap(({ clients, elapsedMs }) =>
    Number.isFinite(elapsedMs) && elapsedMs > 0 ? [[clients, elapsedMs]] : [],
  );
}

const TITLES = {
  latency: [
    ['latency-p50', 'Latency p50'],
    ['latency-p90', 'Latency p90'],
    ['latency-p99', 'Latency p99'],
    ['latency-p999', 'Latency p99.9'],
  ],
  cost: [
    ['cpu-per-exchange', undefined],
    ['memory-per-connection', 'Memory per connection'],
    ['cpu-per-connection', 'CPU per connection'],
    ['pss-peak', 'Peak memory (PSS) of the process tree'],
    ['threads', 'Threads'],
    ['processes', 'Processes'],
    ['switches-per-exchange', 'Context switches per exchange'],
  ],
  lost: [
    ['lost', 'Lost clients'],
    ['failed', 'Failed clients'],
  ],
} as const;

/** The metrics of a section with the titles above. The percentile curve of a cell is in detail.ts. */
export function titledCharts(scope: ScenarioScope, section: keyof typeof TITLES): ChartView[] {
  return TITLES[section].flatMap(([metric, title]) =>
    sweepChart(scope, {
      section,
      metric,
      ...(title === undefined ? {} : { title }),
      ...(metric === 'cpu-per-exchange' ? { remark: costRemark(scope) } : {}),
    }),
  );
}

/** Why CPU per exchange falls with the number of clients, where it does for no reason of the architecture. */
function costRemark(scope: ScenarioScope): string {
  const state = stateOf(scope);
  if (state === 'warm') return STATES.warm;
  return `${STATES.cold} Starting up and compiling are divided by the exchanges, so the figure falls as clients are added; the tables have the warm one beside it.`;
}

/** Every metric that the scenario brought itself. */
export function ownCharts(scope: ScenarioScope): ChartView[] {
  const own = scope.scenario.metrics.filter((metric) => metric.source.from !== 'trial');
  return own.flatMap(({ id }) => sweepChart(scope, { section: 'lost', metric: id }));
}

/** Whether there is any figure but zero: a page of flat lines at zero says less than a sentence. */
export function anyoneLost({ spec }: ChartView): boolean {
  return spec.series.some(({ points }) => points.some(([, y]) => y !== 0));
}

type Fit = Extract<ScalingFit, { readonly kind: 'fit' }>;

/** Throughput with the scaling law that was fitted to it, and the knee. */
export function throughputChart(scope: ScenarioScope): ChartView[] {
  const fits = scope.servers.map(({ name }) =>
    scope.summary.scaling.find(
      (fit): fit is Fit => fit.kind === 'fit' && fit.server === name && fit.scenario === scope.scenario.id,
    ),
  );
  return sweepChart(scope, {
    section: 'throughput',
    metric: 'throughput',
    title: 'Throughput, exchanges a second',
    wide: true,
    curve: (server) => fits[server]?.curve.map((point) => [point.clients, point.throughput] as const),
    knee: (server) => {
      const fit = fits[server];
      if (!fit?.knee || fit.extrapolated) return undefined;
      const { value, low, high } = fit.knee;
      return [value, throughputAt(fit, value), low, high] as const;
    },
    remark: fits.some(Boolean)
      ? 'Thin line: the Universal Scalability Law fitted to the points. Upright stroke: its knee, the number of clients beyond which throughput falls, with its interval; a knee beyond what was measured is not drawn.'
      : 'No scaling law was fitted.',
  });
}

/** Throughput of the fitted law: γN / (1 + α(N − 1) + βN(N − 1)) (Gunther, 2007). */
function throughputAt({ alpha, beta, gamma }: Fit, clients: number): number {
  return (gamma.value * clients) / (1 + alpha.value * (clients - 1) + beta.value * clients * (clients - 1));
}
