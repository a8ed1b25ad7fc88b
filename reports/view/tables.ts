/** Section 13: every cell with every metric, one table a scenario. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { ScenarioScope } from './scope.ts';
import { anyErrors, ERRORS, HELD, metricCells, metricColumn, TRIALS } from './columns.ts';
import type { ColumnView, RowView, TableView } from './view.ts';

export function cellsTable(scope: ScenarioScope): TableView {
  const cells = scope.servers.map((_, server) => scope.cellsOf(server));
  const metrics = [...scope.metrics.values()].filter((metric) =>
    cells.some((own) => own.some((cell) => cell.metrics[metric.id] ?? cell.absent?.[metric.id])),
  );
  const beside = [TRIALS, ...(anyErrors(cells.flat()) ? [ERRORS] : []), HELD];
  const columns: ColumnView[] = [
    { title: 'server', numeric: false },
    { title: 'clients', numeric: true },
    ...beside.map(({ column }) => column),
    ...metrics.map(metricColumn),
  ];
  const rows = scope.servers.flatMap((server, index) =>
    scope.cellsOf(index).map((cell): RowView => ({
      server: index,
      cells: [
        { text: server.name },
        { text: formatValue(cell.clients, 'count'), value: cell.clients },
        ...beside.map(({ of }) => of(cell)),
        ...metricCells(cell, metrics),
      ],
    })),
  );
  return {
    id: `cells-${scope.index + 1}`,
    scenario: scope.index,
    caption: `Every cell of ${scope.scenario.title}: medians, with 95 % intervals in parentheses, or in brackets the range of too few trials for one`,
    key: false,
    columns,
    rows,
  };
}
