/** Section 13: every cell with every metric, one table a scenario. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { ScenarioScope } from './scope.ts';
import type { CellView, ColumnView, RowView, TableView } from './view.ts';
import { metricCells, metricColumn, TRIALS_COLUMN, trialsCell } from './standings.ts';

export function cellsTable(scope: ScenarioScope): TableView {
  const cells = scope.servers.map((_, server) => scope.cellsOf(server));
  const metrics = [...scope.metrics.values()].filter((metric) =>
    cells.some((own) => own.some((cell) => cell.metrics[metric.id] ?? cell.absent?.[metric.id])),
  );
  const errors = cells.some((own) =>
    own.some((cell) => Object.values(cell.errors).some((count) => count > 0)),
  );
  const columns: ColumnView[] = [
    { title: 'server', numeric: false },
    { title: 'clients', numeric: true },
    ...metrics.map(metricColumn),
    TRIALS_COLUMN,
    ...(errors
      ? [
          {
            title: 'errors',
            numeric: true,
            about: 'Failed connects and exchanges by kind, summed over trials.',
          },
        ]
      : []),
  ];
  const rows = scope.servers.flatMap((server, index) =>
    scope.cellsOf(index).map((cell): RowView => {
      const found = Object.entries(cell.errors).filter(([, count]) => count > 0);
      const sum = found.reduce((total, [, count]) => total + count, 0);
      const error: CellView = {
        text: formatValue(sum, 'count'),
        value: sum,
        ...(sum > 0
          ? { note: found.map(([kind, count]) => `${kind} ${formatValue(count, 'count')}`).join(', ') }
          : {}),
      };
      return {
        server: index,
        cells: [
          { text: server.name },
          { text: formatValue(cell.clients, 'count'), value: cell.clients },
          ...metricCells(cell, metrics),
          trialsCell(cell),
          ...(errors ? [error] : []),
        ],
      };
    }),
  );
  return {
    id: `cells-${scope.index + 1}`,
    scenario: scope.index,
    caption: `Every cell of ${scope.scenario.title}: medians, with 95 % intervals in brackets or the range of the trials in parentheses`,
    key: false,
    columns,
    rows,
  };
}
