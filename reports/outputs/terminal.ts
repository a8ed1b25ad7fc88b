/** A report for a terminal: plain text without control codes. */
import { counted } from '../../harness/analysis/text/phrases.ts';
import { columnsShown, tableLines } from '../../harness/analysis/text/table.ts';
import { fitColumns, terminalWidth, visible, wrapped } from '../../harness/analysis/text/visible.ts';
import type { ChangesView } from '../view/changes.ts';
import type { DuetView } from '../view/duet.ts';
import type { ReportView, TableView } from '../view/view.ts';
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

export const terminal = {
  print: (report: Report, columns: number) => {
    // Wider lines are harder to read; narrower ones could not hold a name and a figure.
    const width = Math.max(20, Math.min(80, columns));
    switch (report.kind) {
      case 'run':
        return blocks(ofRun(report.view, width));
      case 'comparison':
        return blocks(ofComparison(report.view, width));
      case 'duet':
        return blocks(ofDuet(report.view));
    }
  },
} satisfies Output;

/** Blocks of lines with an empty line between them; empty blocks are left out. */
function blocks(parts: readonly (readonly string[])[]): string {
  const texts = parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** A table with its figures at the right and its head on two lines; columns that do not fit follow below it. */
function table({ columns, rows }: Pick<TableView, 'columns' | 'rows'>, width: number): string[] {
  const heads = columns.map(({ title }) => onTwoLines(visible(title)));
  const texts = [
    ...[0, 1].map((line) => heads.map((head) => head[line] ?? '')),
    ...rows.map(({ cells }) => cells.map(({ text }) => text)),
  ];
  const lines = tableLines(texts, width, (i) => columns[i]?.numeric === true);
  const shown = columnsShown(texts, width);
  if (shown === columns.length) return lines;
  if (shown < 2)
    return [
      ...lines,
      ...wrapped(
        `too narrow for ${columns
          .slice(1)
          .map(({ title }) => title)
          .join(', ')}`,
        width,
      ),
    ];
  const rest = <T>(items: readonly T[]): T[] => [...items.slice(0, 1), ...items.slice(shown)];
  const below = { columns: rest(columns), rows: rows.map((row) => ({ ...row, cells: rest(row.cells) })) };
  return [...lines, '', ...table(below, width)];
}

/** A title broken between words so that its longer line is as short as it can be; a single word stands below. */
function onTwoLines(title: string): readonly [string, string] {
  const words = title.split(' ');
  const breaks = words.map((_, i) => [words.slice(0, i).join(' '), words.slice(i).join(' ')] as const);
  const longest = ([a, b]: readonly [string, string]): number => Math.max(terminalWidth(a), terminalWidth(b));
  return breaks.toSorted((a, b) => longest(a) - longest(b))[0] ?? ['', title];
}

/** So many of the trials that failed are named. */
const MOST_FAILURES = 5;

/** The standings of every scenario at the most clients, and what has to be known before they are believed. */
function ofRun(view: ReportView, width: number): string[][] {
  const { scenarios, standings, warnings, failures } = view;
  const tables = scenarios.map(({ index, title }) => {
    const own = standings.find(({ scenario }) => scenario === index);
    return own
      ? [fitColumns(`${title}, ${counted(own.clients, 'client')}`, width), ...table(own.table, width)]
      : [fitColumns(`${title}: no trial was completed`, width)];
  });
  const said = warnings.flatMap(({ title, message, advice }) =>
    item(`${title}. ${message} ${advice}`, width),
  );
  const failed = failures
    .slice(0, MOST_FAILURES)
    .flatMap(({ trial, message }) => item(`${trial}: ${message}`, width));
  const more = failures.length - MOST_FAILURES;
  return [
    ...tables,
    said.length > 0 ? ['Warnings', ...said] : [],
    failed.length > 0
      ? ['Trials that failed or were stopped', ...failed, ...(more > 0 ? [`- and ${more} more`] : [])]
      : [],
  ];
}

/** An item of a list, its lines below each other. */
function item(text: string, width: number): string[] {
  return wrapped(text, width - 2).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`);
}

/** What can be told, in tables; and counts of the rest. */
function ofComparison(view: ChangesView, width: number): string[][] {
  const { base, head, counts, told, nearest, whyNotCompared, remarks } = view;
  const sentences = [nearest, whyNotCompared, ...remarks].filter((text) => text !== null);
  return [
    [`base: ${base}`, `head: ${head}`].map(visible),
    wrapped(counts, width),
    ...told.map((one) => [one.title, ...table(one.table, width)]),
    ...sentences.map((text) => wrapped(text, width)),
  ];
}

/** The verdict, the table, and what is not plain; as wide as it is: a column that is left out could be the verdict. */
function ofDuet({
  lead,
  counts,
  failureSentences,
  table: gates,
  rows,
  remarks,
  notCompared,
  errorRates,
}: DuetView): string[][] {
  const texts = [
    gates.columns.map(({ title }) => title),
    ...gates.rows.map(({ cells }) => cells.map(({ text }) => text)),
  ];
  const unclear = rows.filter(({ verdict }) => verdict !== 'no-change');
  return [
    [lead, counts].map(visible),
    failureSentences.map(visible),
    tableLines(texts, Infinity, () => false),
    unclear.map(({ subject, metric, outcome, reason }) =>
      visible(`${subject}, ${metric}: ${outcome}. ${reason}`),
    ),
    [...remarks, ...notCompared].map(visible),
    errorRates.map(visible),
  ];
}
