/** Where every server stands at the highest client count: the table under the verdict and at the end of a run. */
import { failuresOf } from '../../harness/analysis/cells/faults.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { Cell, Standing } from '../../harness/results/schema/summary.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { ScenarioScope } from './scope.ts';
import { anyErrors, ERRORS, HELD, metricCells, metricColumn, TRIALS } from './columns.ts';
import type { RowView, Standings } from './view.ts';

/** Clients that were not served. */
const LOSSES = ['lost', 'failed'];
/** Beside the headline, what decides between servers that are equally fast. */
const BESIDE = [
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
  const among = (ids: readonly string[]): MetricDefinition[] =>
    ids.flatMap((id) => (id !== headline.id && present(id) ? (scope.metrics.get(id) ?? []) : []));
  const [losses, metrics] = [among(LOSSES), among(BESIDE)];
  const cells = scope.servers.flatMap((_, server) => scope.cellAt(server, clients) ?? []);
  // What spoils the figure stands next to it, so that a narrow terminal shows it too.
  const errors = anyErrors(cells) ? [ERRORS] : [];
  const single = cells.every((cell) => cell.trials.completed < 2);
  const standing = scope.summary.standings
    .find((one) => one.scenario === scope.scenario.id && one.metric === headline.id)
    ?.levels.find((level) => level.clients === clients);
  const rows = scope.servers.map((server, index): RowView & { readonly rank: readonly [number, number] } => {
    const cell = scope.cellAt(index, clients);
    return {
      server: index,
      rank: rankOf(cell, headline, standing),
      cells: [
        { text: server.name },
        ...metricCells(cell, [headline]),
        ...errors.map(({ of }) => of(cell)),
        ...metricCells(cell, losses, true),
        TRIALS.of(cell),
        HELD.of(cell),
        ...metricCells(cell, metrics, true),
      ],
    };
  });
  rows.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  return {
    scenario: scope.index,
    clients,
    table: {
      id: `standings-${scope.index + 1}`,
      scenario: scope.index,
      caption: captionOf(scope, clients, headline, standing, single),
      key: true,
      columns: [
        { title: 'server', numeric: false },
        metricColumn(headline),
        ...errors.map(({ column }) => column),
        ...losses.map(metricColumn),
        TRIALS.column,
        HELD.column,
        ...metrics.map(metricColumn),
      ],
      rows: rows.map(({ server, cells }) => ({ server, cells })),
    },
  };
}

function captionOf(
  { scenario }: ScenarioScope,
  clients: number,
  headline: MetricDefinition,
  standing: Standing | undefined,
  single: boolean,
): string {
  const tied = standing?.best.length ?? 0;
  const order = single
    ? `by ${headline.title} of a single trial, which tells no order`
    : `best ${headline.title} first`;
  const parts = [
    `${scenario.warmedBy ? 'Warm' : 'Cold'} servers at ${counted(clients, 'client')}, ${order}`,
    tied > 1 && !single ? `the run cannot tell which of the first ${tied} is best` : '',
    (standing?.notCompared.length ?? 0) > 0
      ? 'servers that had errors, lost clients or cannot be compared for another reason stand last'
      : '',
  ];
  return parts.filter(Boolean).join('; ');
}

/**
 * Servers that are compared first, by the headline; then those that are not, the smallest share of lost clients first, as
 * who turns clients away is done early; then those with errors likewise; without a figure last.
 */
function rankOf(
  cell: Cell | undefined,
  headline: MetricDefinition,
  standing: Standing | undefined,
): readonly [number, number] {
  const median = cell?.metrics[headline.id]?.median;
  if (!cell || median === undefined || !Number.isFinite(median)) return [Infinity, 0];
  const why = standing?.notCompared.find(({ server }) => server === cell.server)?.why;
  // What was never compared can still have served everybody.
  const spoilt = failuresOf(cell.errors).length + cell.trials.failed > 0 ? 4 : 2;
  const place =
    why === undefined
      ? 0
      : why === 'single-trial' || why === 'not-above-zero'
        ? 1
        : spoilt + shareFailed(cell);
  return [place, headline.direction === 'higher' ? -median : median];
}

/** Clients lost or failed, or exchanges and connections that failed, whichever is the larger share. */
function shareFailed({ outcomes: { asked, lost, failed }, errors, attempts }: Cell): number {
  const wrong = failuresOf(errors).reduce((sum, [, count]) => sum + count, 0);
  return Math.max(
    (lost + failed) / Math.max(1, asked),
    wrong / Math.max(1, attempts.connects + attempts.exchanges),
  );
}
