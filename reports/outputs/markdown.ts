/** A report as Markdown, for a job summary or a pull request. */
import { sentence } from '../../harness/analysis/text/phrases.ts';
import { shorten, visible } from '../../harness/analysis/text/visible.ts';
import type { ChangesView } from '../view/changes.ts';
import type { DuetView } from '../view/duet.ts';
import type { CellView, ReportView, TableView } from '../view/view.ts';
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

export const markdown = {
  files: (report: Report) => (report.kind === 'comparison' ? {} : { 'summary.md': print(report) }),
  print,
} satisfies Output;

function print(report: Report): string {
  switch (report.kind) {
    case 'run':
      return paragraphs(ofRun(report.view));
    case 'comparison':
      return paragraphs(ofComparison(report.view));
    case 'duet':
      return paragraphs(ofDuet(report.view));
  }
}

function paragraphs(parts: readonly string[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Verdict, standings, warnings, failures, comparison, how to measure again. */
function ofRun(view: ReportView): string[] {
  const parts = [`# Holdfast: ${inert(view.runId)}`, inert(view.subtitle), inert(view.counts)];
  for (const { scenario, lead, servers } of view.verdicts) {
    if (view.scenarios.length > 1) parts.push(`## ${inert(view.scenarios[scenario]?.title ?? '')}`);
    const [first, ...rest] = lead;
    if (first) parts.push(`**${inert(first)}**`);
    parts.push(...rest.map(inert));
    const standings = view.standings.find((one) => one.scenario === scenario);
    if (standings) parts.push(`${inert(standings.table.caption)}:`, table(standings.table));
    parts.push(list(servers.map(({ text }) => text)));
  }
  if (view.warnings.length > 0) {
    const items = view.warnings.map(
      ({ title, message, advice }) => `- **${title}.** ${inert(message)} ${inert(advice)}`,
    );
    parts.push('## Warnings', items.join('\n'));
  }
  if (view.failures.length > 0) {
    const shown = view.failures.slice(0, 10).map(({ trial, message, detail }) => {
      const last = detail.trimEnd().split('\n').at(-1);
      return `${trial}: ${message}${last ? ` The server's last line: ${last}` : ''}`;
    });
    const more = view.failures.length > 10 ? [`and ${view.failures.length - 10} more`] : [];
    parts.push('## Trials that failed or were stopped', list([...shown, ...more]));
  }
  if (view.comparison) {
    const { about, counts, remarks, matrices } = view.comparison;
    parts.push('## Comparison', inert(about), `**${inert(counts)}**`, list(remarks));
    for (const matrix of matrices) parts.push(`${inert(matrix.caption)}:`, table(matrix));
  }
  return [...parts, '## Measure again', code(view.command)];
}

/** Every effect, whether it can be told or not. */
function ofComparison(view: ChangesView): string[] {
  const titled = (title: string, items: readonly string[]): string[] =>
    items.length > 0 ? [`## ${title}`, list(items)] : [];
  return [
    `# Holdfast: ${inert(view.base)} against ${inert(view.head)}`,
    ...view.remarks.map(inert),
    `**${inert(view.counts)}**`,
    view.all ? table(view.all) : '',
    ...titled('Not compared', view.notCompared),
    ...titled('How the environments differ', view.environmentDifferences),
  ];
}

function ofDuet(view: DuetView): string[] {
  return [
    `## ${inert(sentence(view.outcome))}: ${inert(view.title)}`,
    `**${inert(view.lead)}**`,
    inert(view.counts),
    table(view.failures),
    list(view.failureSentences),
    table(view.table),
    list(view.rows.map(({ subject, metric, reason }) => `${subject}, ${metric}: ${reason}`)),
    list(view.remarks),
    list(view.notCompared),
    ...(view.errorRates.length > 0 ? ['### How often this procedure errs', list(view.errorRates)] : []),
    ...(view.command ? ['### Compare again', code(view.command)] : []),
  ];
}

/** A range in brackets, which is markup only with something behind it; and whatever else could begin some. */
const MARKUP = /\[[−\d][−\d.,a-zµ/% ]*\](?![[(:])|[&<>"`*_{}[\]#|~\\$@!]|:(?=\/)|^[-+=]/gi;

/**
 * Text on one line that Markdown and the HTML in it leave alone: what could begin markup, a link, a mention or a list
 * becomes a numeric reference, which CommonMark (section 2.5) never takes for markup.
 */
export function inert(text: string): string {
  return visible(text).replace(MARKUP, (found) => (found.length > 1 ? found : `&#${found.charCodeAt(0)};`));
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${inert(item)}`).join('\n');
}

/** A table in the pipe syntax of GitHub Flavored Markdown. */
function table({ columns, rows }: TableView): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => inert(title))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map(({ cells }) => line(cells.map(cellText))),
  ].join('\n');
}

/** Longest text of a table cell; a longer name loses its middle. */
const LONGEST = 60;

/** A figure with its spread, or with the reason for its absence in parentheses. */
function cellText({ text, note, strong }: CellView): string {
  const figure = inert(shorten(text, LONGEST));
  if (strong) return `**${figure}**`;
  if (!note) return figure;
  const beside = inert(shorten(note, LONGEST));
  return /^[[(]/.test(note) ? `${figure} ${beside}` : `${figure} (${beside})`;
}

/** A block of code whose fence is longer than any run of backticks in it. */
function code(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text.split('\n').map(visible).join('\n')}\n${fence}`;
}
