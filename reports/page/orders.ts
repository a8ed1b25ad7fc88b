/** The order of a table's rows by each of its columns, so that the page sorts by numbers and not by their texts. */
import type { TableView } from '../view/view.ts';

/** For each column the rows in ascending order, by number or by text; rows without a figure are not among them. */
export function ordersOf({ columns, rows }: TableView): string[] {
  const digits = digitsFor(rows.length);
  return columns.map(({ numeric }, column) => {
    const keyed = rows.map(({ cells }, row) => ({ row, ...cells[column] }));
    const ordered = numeric
      ? keyed.filter(({ value }) => value !== undefined).sort((a, b) => (a.value ?? 0) - (b.value ?? 0))
      : keyed.sort((a, b) => (a.text ?? '').localeCompare(b.text ?? '', 'en', { numeric: true }));
    return ordered.map(({ row }) => row.toString(36).padStart(digits, '0')).join('');
  });
}

/** The rows of a table in an order: those that it leaves out stay last, in either direction. */
export function inOrder<Row>(rows: readonly Row[], order: string, descending: boolean): Row[] {
  const digits = digitsFor(rows.length);
  const places = Array.from({ length: order.length / digits }, (_, i) =>
    parseInt(order.slice(i * digits, (i + 1) * digits), 36),
  );
  if (descending) places.reverse();
  const named = new Set(places);
  return [...places, ...[...rows.keys()].filter((row) => !named.has(row))].map((row) => rows[row] as Row);
}

/** Digits to base 36 of a row's number. */
function digitsFor(rows: number): number {
  return Math.max(1, (rows - 1).toString(36).length);
}
