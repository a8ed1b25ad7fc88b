/** The table at the end of a run, for a terminal: plain text, no control codes, never wider than asked. */
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { Plan } from '../../harness/results/schema/plan.ts';
import type { TableView } from '../view/view.ts';
import { visible } from '../drawing/text.ts';
import { scopesOf } from '../view/scope.ts';
import { standingsOf } from '../view/standings.ts';

/** Columns that a text takes in a terminal: wide scripts take two each. */
export function terminalWidth(text: string): number {
  return Array.from(text).reduce(
    (sum, c) => sum + (/\p{Mark}/u.test(c) ? 0 : (c.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1),
    0,
  );
}

/** Visible text cut in its middle to so many columns. */
export function fitColumns(text: string, columns: number): string {
  const characters = Array.from(visible(text));
  if (terminalWidth(characters.join('')) <= columns) return characters.join('');
  let head = Math.ceil(characters.length * 0.6);
  let tail = characters.length - head;
  const joined = (): string =>
    `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`;
  while ((head > 0 || tail > 0) && terminalWidth(joined()) > columns) {
    if (head >= tail) head--;
    else tail--;
  }
  return columns > 0 ? joined() : '';
}

/** Visible text broken between words into lines of at most so many columns; a longer word loses its middle. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && terminalWidth(longer) > columns) {
      lines.push(line);
      line = fitColumns(word, columns);
    } else line = fitColumns(longer, columns);
  }
  return [...lines, line];
}

/** Lines of a table: first column left, the others right; columns at the right end that do not fit are left out. */
export function terminalLines(table: TableView, columns: number): string[] {
  const texts = [
    table.columns.map(({ title }) => title),
    ...table.rows.map(({ cells }) => cells.map(({ text }) => text)),
  ];
  const widths = table.columns.map((_, i) =>
    Math.max(...texts.map((row) => terminalWidth(visible(row[i] ?? '')))),
  );
  const [name = 0, ...figures] = widths;
  const shortest = Math.min(name, Math.max(12, Math.floor(columns * 0.3)));
  let kept = 0;
  let used = shortest;
  while (kept < figures.length && used + 2 + (figures[kept] ?? 0) <= columns)
    used += 2 + (figures[kept++] ?? 0);
  const first = Math.min(name, shortest + columns - used);
  return texts.map((row) => {
    const cells = row.slice(0, kept + 1).map((text, i) => {
      const width = i === 0 ? first : (widths[i] ?? 0);
      const shown = fitColumns(text, width);
      const blanks = ' '.repeat(Math.max(0, width - terminalWidth(shown)));
      return i === 0 ? shown + blanks : blanks + shown;
    });
    return cells.join('  ').trimEnd();
  });
}

/** The standings of every scenario at the most clients. `columns`: width of the terminal, at most 80 are used. */
export function terminalTable(plan: Plan, summary: Summary, options: { readonly columns: number }): string {
  const columns = Math.max(20, Math.min(80, options.columns));
  const blocks = scopesOf(plan, [], summary).map((scope) => {
    const standings = standingsOf(scope);
    const title = fitColumns(
      standings
        ? `${scope.scenario.title}, ${standings.clients} clients`
        : `${scope.scenario.title}: no trial was completed`,
      columns,
    );
    return [title, ...(standings ? terminalLines(standings.table, columns) : [])].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
