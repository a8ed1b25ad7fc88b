/** Two runs held against each other, as a table for a terminal and as Markdown. */
import type { AdvisoryEffect, Comparison, NotCompared } from '../../harness/results/schema/comparison.ts';
import { formatEffect, formatEstimate } from '../../harness/analysis/text/format.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { MetricDefinition } from '../../harness/results/schema/metric.ts';
import { visible } from '../drawing/text.ts';
import { markdownTable, markdownText } from '../outputs/markdown.ts';
import { terminalLines, wrapped } from '../outputs/terminal.ts';
import type { TableView } from './view.ts';

/** Effects of two runs; a duet's carry verdicts and are drawn elsewhere. */
function advisory({ effects }: Comparison): AdvisoryEffect[] {
  return effects.filter((effect) => effect.kind === 'advisory');
}

/** The comparison for a terminal: what can be told, in a table, and counts of the rest. At most 80 columns wide. */
export function comparisonText(comparison: Comparison, options: { readonly columns: number }): string {
  const columns = Math.max(20, Math.min(80, options.columns));
  const effects = advisory(comparison);
  const told = effects.filter(({ shift }) => shift !== 'not-told');
  const parts = [
    [`base: ${comparison.base.label}`, `head: ${comparison.head.label}`].map(visible),
    wrapped(countsOf(comparison), columns),
    ...(['worse', 'better'] as const).flatMap((shift) => {
      const rows = told.filter((effect) => effect.shift === shift);
      const title = `The head is ${shift}:`;
      return rows.length === 0
        ? []
        : [[title, ...terminalLines(toldTable(rows, comparison.metrics), columns)]];
    }),
    ...(told.length === 0 ? nearestToTold(effects).map((text) => wrapped(text, columns)) : []),
    ...whyNotCompared(comparison.notCompared).map((text) => wrapped(text, columns)),
    ...comparison.remarks.map((remark) => wrapped(remark, columns)),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The whole comparison as Markdown: every effect, whether it can be told or not. */
export function comparisonMarkdown(comparison: Comparison): string {
  const effects = advisory(comparison);
  const parts = [
    `# Holdfast: ${markdownText(comparison.base.label)} against ${markdownText(comparison.head.label)}`,
    ...comparison.remarks.map(markdownText),
    `**${markdownText(countsOf(comparison))}**`,
    effects.length > 0 ? markdownTable(fullTable(effects, comparison.metrics)) : '',
    ...listOf('Not compared', comparison.notCompared.map(notComparedText)),
    ...listOf('In what the environments differ', comparison.environmentDifferences),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function listOf(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, items.map((item) => `- ${markdownText(item)}`).join('\n')];
}

/** One sentence: how many comparisons there are, and what came of them. */
function countsOf(comparison: Comparison): string {
  const effects = advisory(comparison);
  if (effects.length === 0) return 'The two runs have nothing in common that could be compared.';
  const of = (shift: AdvisoryEffect['shift']): number =>
    effects.filter((effect) => effect.shift === shift).length;
  const cells = new Set(effects.map(({ server, scenario, clients }) => `${scenario}\0${server}\0${clients}`));
  return (
    `${counted(effects.length, 'comparison')} in ${counted(cells.size, 'cell')}: the head is worse in ${of('worse')}, ` +
    `better in ${of('better')}; no difference can be detected in ${of('not-told')}.`
  );
}

/** Where nothing can be told: why not, of the comparison that came nearest. */
function nearestToTold(effects: readonly AdvisoryEffect[]): string[] {
  const [nearest] = effects.toSorted((a, b) => a.p - b.p);
  return nearest ? [`Nearest to a difference: ${cellText(nearest)}: ${nearest.reason}`] : [];
}

/** Counts by reason, the most frequent first. */
function whyNotCompared(notCompared: readonly NotCompared[]): string[] {
  if (notCompared.length === 0) return [];
  const byReason = Map.groupBy(notCompared, ({ why }) => why);
  const reasons = [...byReason].toSorted(([, a], [, b]) => b.length - a.length);
  const texts = reasons.map(([why, all]) => `${why} (${all.length})`);
  return [`Not compared: ${counted(notCompared.length, 'entry', 'entries')}: ${texts.join('; ')}.`];
}

function notComparedText({ scenario, server, clients, why }: NotCompared): string {
  const place = [scenario, server, clients === undefined ? undefined : counted(clients, 'client')];
  return `${place.filter((part) => part !== undefined).join(', ')}: ${why}`;
}

function cellText({ server, scenario, clients }: AdvisoryEffect): string {
  return `${server}, ${scenario}, ${counted(clients, 'client')}`;
}

function toldTable(effects: readonly AdvisoryEffect[], metrics: readonly MetricDefinition[]): TableView {
  return tableOf(
    [
      ['cell', ({ server, scenario, clients }) => `${server} ${scenario} ${clients}`],
      ['metric', (_, { title }) => title],
      ['head against base', ({ size }, { unit }) => formatEffect(size, unit)],
    ],
    effects,
    metrics,
  );
}

function fullTable(effects: readonly AdvisoryEffect[], metrics: readonly MetricDefinition[]): TableView {
  return tableOf(
    [
      ['server', ({ server }) => server, 'words'],
      ['scenario', ({ scenario }) => scenario, 'words'],
      ['clients', ({ clients }) => clients.toLocaleString('en')],
      ['metric', (_, { title }) => title, 'words'],
      ['base', ({ base }, { unit }) => formatEstimate(base, unit)],
      ['head', ({ head }, { unit }) => formatEstimate(head, unit)],
      ['head against base', ({ size }, { unit }) => formatEffect(size, unit)],
      ['outcome', ({ shift }) => (shift === 'not-told' ? 'cannot be told' : shift), 'words'],
    ],
    effects,
    metrics,
  );
}

type Column = readonly [
  title: string,
  text: (effect: AdvisoryEffect, metric: MetricDefinition) => string,
  kind?: 'words',
];

function tableOf(
  columns: readonly Column[],
  effects: readonly AdvisoryEffect[],
  metrics: readonly MetricDefinition[],
): TableView {
  const definitions = new Map(metrics.map((metric) => [metric.id, metric]));
  return {
    id: 'comparison',
    scenario: null,
    caption: 'Head against base',
    key: false,
    columns: columns.map(([title, , kind]) => ({ title, numeric: kind === undefined })),
    rows: effects.flatMap((effect) => {
      const metric = definitions.get(effect.metric);
      return metric
        ? [{ server: null, cells: columns.map(([, text]) => ({ text: text(effect, metric) })) }]
        : [];
    }),
  };
}
