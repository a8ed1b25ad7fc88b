/** A report for a terminal: plain text without control codes. */
import { tableLines } from '../../harness/analysis/text/table.ts';
import { fitColumns, visible, wrapped } from '../../harness/analysis/text/visible.ts';
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

/** A table with its figures at the right; what does not fit is left out. */
function table({ columns, rows }: TableView, width: number): string[] {
  const texts = [
    columns.map(({ title }) => title),
    ...rows.map(({ cells }) => cells.map(({ text }) => text)),
  ];
  return tableLines(texts, width, (i) => columns[i]?.numeric === true);
}

/** The standings of every scenario at the most clients. */
function ofRun({ scenarios, standings }: ReportView, width: number): string[][] {
  return scenarios.map(({ index, title }) => {
    const own = standings.find(({ scenario }) => scenario === index);
    return own
      ? [fitColumns(`${title}, ${own.clients} clients`, width), ...table(own.table, width)]
      : [fitColumns(`${title}: no trial was completed`, width)];
  });
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
