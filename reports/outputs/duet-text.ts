/** A duet for a terminal: the verdict, the table, and what is not plain. */
import { visible } from '../drawing/text.ts';
import { VERDICT_WORDS, type DuetView } from '../view/duet.ts';

const HEADER = [
  'server',
  'metric',
  'base',
  'head',
  'head against base (95 %)',
  'worse is',
  'n',
  'SD',
  'verdict',
] as const;

/** Plain text without control codes, ending in a line end. */
export function duetText(view: DuetView): string {
  const rows = view.rows.map((row) =>
    [
      row.subject,
      row.metric,
      row.base,
      row.head,
      row.effect,
      row.worse,
      row.launches,
      row.spread,
      VERDICT_WORDS[row.verdict],
    ].map(visible),
  );
  const widths = HEADER.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const unclear = view.rows
    .filter(({ verdict }) => verdict !== 'no-change')
    .map(
      ({ subject, metric, verdict, reason }) => `${subject}, ${metric}: ${VERDICT_WORDS[verdict]}. ${reason}`,
    );
  return [
    view.lead,
    view.counts,
    '',
    line(HEADER),
    ...rows.map(line),
    ...block(unclear),
    ...block([...view.remarks, ...view.notCompared.map((why) => `Not compared: ${why}`)]),
    ...block(view.errorRates),
  ]
    .map((text) => `${visible(text)}\n`)
    .join('');
}

function block(lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', ...lines] : [];
}
