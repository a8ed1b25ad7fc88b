/** Builds the view model: the one place where a report decides what it shows. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import { formatDuration } from '../../harness/scenario/duration.ts';
import type { Comparison } from '../../harness/results/schema/comparison.ts';
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import type { ScenarioScope } from './scope.ts';
import type { ChartView, ReportView, ScenarioView, SectionId } from './view.ts';
import {
  anyoneLost,
  elapsedCharts,
  overheadChart,
  ownCharts,
  throughputChart,
  titledCharts,
} from '../charts/metrics.ts';
import { orderChart } from '../charts/order.ts';
import { comparisonView } from './comparison.ts';
import { detailOf, resolutionFor } from './details.ts';
import { glossaryOf, methodOf } from './method.ts';
import { scopesOf } from './scope.ts';
import { standingsOf } from './standings.ts';
import { cellsTable } from './tables.ts';
import {
  countsOf,
  environmentOf,
  failuresOf,
  shellLine,
  subtitleOf,
  timeSpentOf,
  verdictsOf,
  warningView,
} from './words.ts';

const NOBODY = 'no trial was completed';
const NOTHING_LOST = 'no client was lost and none failed, at any number of clients';

type Absent = ReportView['absent'][number];

/** `comparison`: of this run, as the head, with another; or of the two builds that it measured in turn. */
export function buildView(run: Run, summary: Summary, comparison?: Comparison): ReportView {
  const scopes = scopesOf(run.plan, run.trials, summary);
  const drawn = scopes.map(chartsOf);
  const points = resolutionFor(summary.cells.length);
  const details = scopes.map((scope) => detailsOf(scope, points));
  return {
    runId: run.manifest.id,
    subtitle: subtitleOf(run),
    counts: countsOf(summary, run.manifest.status),
    status: run.manifest.status,
    servers: run.plan.servers.map(({ name, title, model, language }, index) => ({
      index,
      name,
      about: [...new Set([title, model, language])].filter(Boolean).join(' · '),
    })),
    scenarios: scopes.map(scenarioView),
    verdicts: verdictsOf(run, summary),
    standings: scopes.flatMap((scope) => standingsOf(scope) ?? []),
    warnings: summary.warnings.map(warningView),
    charts: drawn.flatMap(({ charts }) => charts),
    details,
    comparison: comparison ? comparisonView(comparison, run.plan) : null,
    tables: scopes.map(cellsTable),
    absent: [
      ...drawn.flatMap(({ absent }) => absent),
      ...(run.plan.servers.length < 2
        ? [absentEverywhere('panels', 'there is only one server, and it stands in the chart above')]
        : []),
      ...(details.flat(2).some(Boolean)
        ? []
        : [absentEverywhere('panels', NOBODY), absentEverywhere('inside', NOBODY)]),
      ...(comparison
        ? []
        : [
            absentEverywhere(
              'comparison',
              'a run by itself has nothing to be compared with (holdfast compare BASE RUN --html FILE compares it with another)',
            ),
          ]),
    ],
    failures: failuresOf(run.trials),
    method: methodOf(run),
    glossary: glossaryOf(summary.metrics),
    environment: environmentOf(run),
    timeSpent: timeSpentOf(run.manifest.timeSpent),
    command: shellLine(run.manifest.commandLine),
  };
}

function absentEverywhere(section: SectionId, why: string): Absent {
  return { section, scenario: null, why };
}

function detailsOf(
  scope: ScenarioScope,
  points: ReturnType<typeof resolutionFor>,
): ReportView['details'][number] {
  return scope.servers.map((_, server) =>
    scope.levels.map((level) => {
      const cell = scope.cellAt(server, level);
      return cell ? detailOf(cell, scope, points) : null;
    }),
  );
}

function scenarioView({ index, scenario, levels }: ScenarioScope): ScenarioView {
  const parameters = Object.entries(scenario.parameters).map(([name, value]) => `${name} ${value}`);
  const floor = [
    `ideal ${formatValue(scenario.idealMs, 'ms')}`,
    scenario.warmupMs > 0 ? `warm-up ${formatDuration(scenario.warmupMs)}` : '',
  ].filter(Boolean);
  return {
    index,
    id: scenario.id,
    title: scenario.title,
    levels,
    about: [...parameters, ...floor].join(' · '),
  };
}

/** All charts of a scenario in the order of the sections, and why a section has none. */
function chartsOf(scope: ScenarioScope): {
  readonly charts: readonly ChartView[];
  readonly absent: readonly Absent[];
} {
  const served = titledCharts(scope, 'lost');
  const own = ownCharts(scope);
  const losses = served.filter(anyoneLost);
  const counted = own.filter(anyoneLost);
  const nothingLost = served.length + own.length > 0 ? NOTHING_LOST : NOBODY;
  const sections: readonly (readonly [SectionId, readonly ChartView[], string])[] = [
    ['elapsed', elapsedCharts(scope), NOBODY],
    ['overhead', overheadChart(scope), NOBODY],
    ['latency', titledCharts(scope, 'latency'), 'no exchange was recorded'],
    ['throughput', throughputChart(scope), 'no exchange was recorded'],
    ['cost', titledCharts(scope, 'cost'), 'the resources of no server were recorded'],
    ['lost', [...losses, ...counted], nothingLost],
    ['order', orderChart(scope), 'no cell has two completed trials to compare'],
  ];
  return {
    charts: sections.flatMap(([, charts]) => charts),
    absent: [
      ...sections.flatMap(([section, charts, why]) =>
        charts.length > 0 ? [] : [{ section, scenario: scope.index, why }],
      ),
      // What the scenario counts itself stands in the section all the same.
      ...(losses.length === 0 && counted.length > 0
        ? [{ section: 'lost', scenario: scope.index, why: NOTHING_LOST } as const]
        : []),
    ],
  };
}
