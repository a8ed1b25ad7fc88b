/** The report for a job summary: verdict, standings, warnings, failures, how to measure again. */
import type { CellView, ReportView, TableView } from '../view/view.ts';
import { shorten, visible } from '../drawing/text.ts';

/** Longest text of a table cell; a longer name loses its middle. */
const LONGEST = 60;

/**
 * Text on one line that Markdown and the HTML in it leave alone: what could begin markup, a link, a mention or a list
 * becomes a numeric reference, which CommonMark (section 2.5) never takes for markup.
 */
export function markdownText(text: string): string {
  return visible(text).replace(/[&<>"`*_{}[\]#|~\\$@!]|:(?=\/)|^[-+=]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A figure with its spread, or with the reason for its absence in parentheses. */
function cellText({ text, note }: CellView): string {
  const figure = markdownText(shorten(text, LONGEST));
  if (!note) return figure;
  const beside = markdownText(shorten(note, LONGEST));
  return /^[[(]/.test(note) ? `${figure} ${beside}` : `${figure} (${beside})`;
}

/** A table in the pipe syntax of GitHub Flavored Markdown. */
export function markdownTable({ columns, rows }: TableView): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => markdownText(title))),
    line(columns.map(({ numeric }) => (numeric ? '---:' : '---'))),
    ...rows.map(({ cells }) => line(cells.map(cellText))),
  ].join('\n');
}

/** A block of code whose fence is longer than any run of backticks in it. */
function code(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${text.split('\n').map(visible).join('\n')}\n${fence}`;
}

export function reportMarkdown(view: ReportView): string {
  const several = view.scenarios.length > 1;
  const parts = [
    `# Holdfast: ${markdownText(view.runId)}`,
    markdownText(view.subtitle),
    markdownText(view.counts),
  ];
  for (const { scenario, lead, servers } of view.verdicts) {
    const facts = view.scenarios[scenario];
    if (several) parts.push(`## ${markdownText(facts?.title ?? '')}`);
    const [first, ...rest] = lead;
    if (first) parts.push(`**${markdownText(first)}**`);
    parts.push(...rest.map(markdownText));
    const standings = view.standings.find((one) => one.scenario === scenario);
    if (standings) parts.push(`${markdownText(standings.table.caption)}:`, markdownTable(standings.table));
    if (servers.length > 0) parts.push(servers.map(({ text }) => `- ${markdownText(text)}`).join('\n'));
  }
  if (view.warnings.length > 0) {
    const items = view.warnings.map(
      ({ title, message, advice }) => `- **${title}.** ${markdownText(message)} ${markdownText(advice)}`,
    );
    parts.push('## Warnings', items.join('\n'));
  }
  if (view.failures.length > 0) {
    const shown = view.failures
      .slice(0, 10)
      .map(({ trial, message }) => `- ${markdownText(trial)}: ${markdownText(message)}`);
    const more = view.failures.length > 10 ? `\n- and ${view.failures.length - 10} more` : '';
    parts.push('## Trials that failed or were stopped', shown.join('\n') + more);
  }
  if (view.comparison) {
    const { about, counts, remarks, matrices } = view.comparison;
    parts.push('## Comparison', markdownText(about), `**${markdownText(counts)}**`);
    parts.push(remarks.map((text) => `- ${markdownText(text)}`).join('\n'));
    for (const matrix of matrices) parts.push(`${markdownText(matrix.caption)}:`, markdownTable(matrix));
  }
  parts.push('## Measure again', code(view.command));
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
