/** Where every server stands at the highest client count: the table under the verdict and at the end of a run. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { Cell, Standing } from '../../harness/results/schema/summary.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { ScenarioScope } from './scope.ts';
import type { CellView, ColumnView, RowView, Standings } from './view.ts';
import { spreadText, whyMissing } from './estimate.ts';

/** Beside the headline, what decides between servers that are equally fast. */
const BESIDE = [
  'lost',
  'failed',
  'latency-p99',
  'cpu-per-exchange',
  'warm-cpu-per-exchange',
  'memory-per-connection',
  'pss-peak',
];

/** The standings at the highest level at which any trial was completed; undefined where there is none. */
export function standingsOf(scope: ScenarioScope): Standings | undefined {
  const clients = scope.levels.findLast((level) =>
    scope.servers.some((_, server) => (scope.cellAt(server, level)?.trials.completed ?? 0) > 0),
  );
  const headline = scope.metrics.get(scope.scenario.headline);
  if (clients === undefined || !headline) return undefined;
  // A column of zeros says nothing that the caption does not.
  const present = (id: string): boolean =>
    scope.servers.some((_, server) => {
      const cell = scope.cellAt(server, clients);
      return (cell?.metrics[id]?.median ?? 0) !== 0 || cell?.absent?.[id] !== undefined;
    });
  const metrics = [
    headline,
    ...BESIDE.flatMap((id) => (id !== headline.id && present(id) ? (scope.metrics.get(id) ?? []) : [])),
  ];
  const standing = scope.summary.standings
    .find((one) => one.scenario === scope.scenario.id && one.metric === headline.id)
    ?.levels.find((level) => level.clients === clients);
  const rows = scope.servers.map((server, index): RowView & { readonly rank: readonly [number, number] } => {
    const cell = scope.cellAt(index, clients);
    return {
      server: index,
      rank: rankOf(cell, headline, standing),
      cells: [{ text: server.name }, ...metricCells(cell, metrics), trialsCell(cell)],
    };
  });
  rows.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  return {
    scenario: scope.index,
    clients,
    table: {
      id: `standings-${scope.index + 1}`,
      scenario: scope.index,
      caption: captionOf(scope, clients, headline, standing),
      key: true,
      columns: [{ title: 'server', numeric: false }, ...metrics.map(metricColumn), TRIALS_COLUMN],
      rows: rows.map(({ server, cells }) => ({ server, cells })),
    },
  };
}

function captionOf(
  { scenario }: ScenarioScope,
  clients: number,
  headline: MetricDefinition,
  standing: Standing | undefined,
): string {
  const tied = standing?.best.length ?? 0;
  const parts = [
    `${scenario.warmedBy ? 'Warm' : 'Cold'} servers at ${formatValue(clients, 'count')} clients, best ${headline.title} first`,
    tied > 1 ? `the run cannot tell which of the first ${tied} is best` : '',
    (standing?.notCompared.length ?? 0) > 0
      ? 'servers that had errors, lost clients or cannot be compared for another reason stand last'
      : '',
  ];
  return parts.filter(Boolean).join('; ');
}

/** Servers that are compared first, then those with a figure that is not, each by the headline; without a figure last. */
function rankOf(
  cell: Cell | undefined,
  headline: MetricDefinition,
  standing: Standing | undefined,
): readonly [number, number] {
  const median = cell?.metrics[headline.id]?.median;
  if (!cell || median === undefined || !Number.isFinite(median)) return [3, 0];
  const why = standing?.notCompared.find(({ server }) => server === cell.server)?.why;
  // What was never compared can still have served everybody.
  const place = why === undefined ? 0 : why === 'single-trial' || why === 'not-above-zero' ? 1 : 2;
  return [place, headline.direction === 'higher' ? -median : median];
}

export const TRIALS_COLUMN: ColumnView = {
  title: 'trials',
  numeric: true,
  about: 'Completed of planned; what failed or is not valid is named.',
};

export function metricColumn(metric: MetricDefinition): ColumnView {
  return { title: metric.title, numeric: true, about: metric.description };
}

/** The figures of one cell; the reason that none was measured stands once, at the first. */
export function metricCells(cell: Cell | undefined, metrics: readonly MetricDefinition[]): CellView[] {
  const nothing = (cell?.trials.completed ?? 0) === 0;
  return metrics.map((metric, i) =>
    nothing && i > 0 ? { text: formatValue(null, metric.unit) } : metricCell(cell, metric),
  );
}

/** A figure with its spread, or a dash with the reason. */
function metricCell(cell: Cell | undefined, metric: MetricDefinition): CellView {
  const estimate = cell?.metrics[metric.id];
  if (!estimate || !Number.isFinite(estimate.median)) {
    return { text: formatValue(null, metric.unit), note: whyMissing(cell, metric) };
  }
  const note = spreadText(estimate, metric);
  return {
    text: formatValue(estimate.median, metric.unit),
    value: estimate.median,
    ...(note ? { note } : {}),
  };
}

/** `3 of 3`, with what went wrong beside it. */
export function trialsCell(cell: Cell | undefined): CellView {
  if (!cell) return { text: formatValue(null, 'count'), note: 'not planned' };
  const { planned, completed, failed, aborted, invalid } = cell.trials;
  const notes = [
    failed > 0 ? `${failed} failed` : '',
    aborted > 0 ? `${aborted} stopped` : '',
    invalid > 0 ? `${invalid} not valid` : '',
  ].filter(Boolean);
  const note = notes.join(', ');
  return { text: `${completed} of ${planned}`, value: completed, ...(note ? { note } : {}) };
}
