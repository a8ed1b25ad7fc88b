/** Tables in plain text: columns padded to their widest cell, two blanks between. */
import { fitColumns, terminalWidth, visible } from './visible.ts';

/** A table whose columns all begin at the left. @returns lines, each with its line end; no header row where it is empty */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = header.length > 0 ? [header, ...rows] : rows;
  const lines = tableLines(all, Infinity, () => false);
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Lines of a table at most so many columns wide: the first column gets what the others leave, but is not made shorter
 * than it must be; columns at the right end that do not fit are left out.
 *
 * @param rows cells as texts, the header first
 * @param right whether a column's cells stand at its right edge
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  columns: number,
  right: (column: number) => boolean,
): string[] {
  const texts = rows.map((cells) => cells.map(visible));
  const { widths, first, shown: kept } = fitting(texts, columns);
  return texts.map((cells) => {
    const padded = cells.slice(0, kept).map((text, i) => {
      const width = i === 0 ? first : (widths[i] ?? 0);
      const shown = fitColumns(text, width);
      const blanks = ' '.repeat(width - terminalWidth(shown));
      return right(i) ? blanks + shown : shown + blanks;
    });
    return padded.join('  ').trimEnd();
  });
}

/** How many columns of a table `tableLines` shows in so many columns of a terminal. */
export function columnsShown(rows: readonly (readonly string[])[], columns: number): number {
  return fitting(
    rows.map((cells) => cells.map(visible)),
    columns,
  ).shown;
}

/** Widths of all columns, that of the first as it is shown, and how many are shown. */
function fitting(
  texts: readonly (readonly string[])[],
  columns: number,
): { readonly widths: readonly number[]; readonly first: number; readonly shown: number } {
  const widths: number[] = [];
  for (const cells of texts)
    for (const [i, text] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, terminalWidth(text));
  const [name = 0, ...others] = widths;
  const shortest = Math.min(name, Math.max(12, Math.floor(columns * 0.3)));
  let kept = 0;
  let used = shortest;
  while (kept < others.length && used + 2 + (others[kept] ?? 0) <= columns) used += 2 + (others[kept++] ?? 0);
  return { widths, first: Math.min(name, shortest + columns - used), shown: kept + 1 };
}
