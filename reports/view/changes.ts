/** Two runs compared with each other, as sentences and tables: what `holdfast compare` prints. */
import type { AdvisoryEffect, Comparison, NotCompared } from '../../harness/results/schema/comparison.ts';
import { formatEffect, formatEstimate } from '../../harness/analysis/text/format.ts';
import { counted } from '../../harness/analysis/text/phrases.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { CellView, ColumnView, TableView } from './view.ts';

export interface ChangesView {
  readonly base: string;
  readonly head: string;
  /** How many comparisons there are, and what came of them. */
  readonly counts: string;
  /** What became worse and what better, each with a short table; without what cannot be told. */
  readonly told: readonly { readonly title: string; readonly table: TableView }[];
  /** Where nothing can be told: why not, of the comparison that came nearest. */
  readonly nearest: string | null;
  /** Every effect; null where there is none. */
  readonly all: TableView | null;
  readonly notCompared: readonly string[];
  /** The reasons in one sentence, the most frequent first. */
  readonly whyNotCompared: string | null;
  readonly environmentDifferences: readonly string[];
  readonly remarks: readonly string[];
}

export function changesView(comparison: Comparison): ChangesView {
  const { base, head, notCompared, remarks, environmentDifferences, metrics } = comparison;
  // Effects with verdicts are a duet's, which has a view of its own.
  const effects = comparison.effects.filter((effect) => effect.kind === 'advisory');
  const told = (['worse', 'better'] as const).flatMap((shift) => {
    const rows = effects.filter((effect) => effect.shift === shift);
    const title = `The head is ${shift}:`;
    return rows.length > 0 ? [{ title, table: tableOf(BRIEF, rows, metrics) }] : [];
  });
  const [nearest] = effects.toSorted((a, b) => a.p - b.p);
  return {
    base: base.label,
    head: head.label,
    counts: countsOf(effects),
    told,
    nearest:
      nearest && told.length === 0
        ? `Nearest to a difference: ${nearest.server}, ${nearest.scenario}, ${counted(nearest.clients, 'client')}: ${nearest.reason}`
        : null,
    all: effects.length > 0 ? tableOf(FULL, effects, metrics) : null,
    notCompared: notCompared.map(notComparedText),
    whyNotCompared: reasonsOf(notCompared),
    environmentDifferences,
    remarks,
  };
}

function countsOf(effects: readonly AdvisoryEffect[]): string {
  if (effects.length === 0) return 'The two runs have nothing in common that could be compared.';
  const of = (shift: AdvisoryEffect['shift']): number =>
    effects.filter((effect) => effect.shift === shift).length;
  const cells = new Set(effects.map(({ server, scenario, clients }) => `${scenario}\0${server}\0${clients}`));
  return (
    `${counted(effects.length, 'comparison')} in ${counted(cells.size, 'cell')}: the head is worse in ${of('worse')}, ` +
    `better in ${of('better')}; no difference can be detected in ${of('not-told')}.`
  );
}

function reasonsOf(notCompared: readonly NotCompared[]): string | null {
  if (notCompared.length === 0) return null;
  const byReason = [...Map.groupBy(notCompared, ({ why }) => why)];
  const reasons = byReason.toSorted(([, a], [, b]) => b.length - a.length);
  const texts = reasons.map(([why, all]) => `${why} (${all.length})`);
  return `Not compared: ${counted(notCompared.length, 'entry', 'entries')}: ${texts.join('; ')}.`;
}

function notComparedText({ scenario, server, clients, why }: NotCompared): string {
  const place = [scenario, server, clients === undefined ? undefined : counted(clients, 'client')];
  return `${place.filter((part) => part !== undefined).join(', ')}: ${why}`;
}

type Column = readonly [
  column: ColumnView,
  cell: (effect: AdvisoryEffect, metric: MetricDefinition) => CellView,
];

const words = (title: string): ColumnView => ({ title, numeric: false });
const figures = (title: string): ColumnView => ({ title, numeric: true });

const EFFECT: Column = [
  figures('head against base'),
  ({ size }, { unit }) => ({ text: formatEffect(size, unit), value: size.value }),
];

const BRIEF: readonly Column[] = [
  [words('cell'), ({ server, scenario, clients }) => ({ text: `${server} ${scenario} ${clients}` })],
  [figures('metric'), (_, { title }) => ({ text: title })],
  EFFECT,
];

const FULL: readonly Column[] = [
  [words('server'), ({ server }) => ({ text: server })],
  [words('scenario'), ({ scenario }) => ({ text: scenario })],
  [figures('clients'), ({ clients }) => ({ text: clients.toLocaleString('en'), value: clients })],
  [words('metric'), (_, { title }) => ({ text: title })],
  [figures('base'), ({ base }, { unit }) => ({ text: formatEstimate(base, unit), value: base.median })],
  [figures('head'), ({ head }, { unit }) => ({ text: formatEstimate(head, unit), value: head.median })],
  EFFECT,
  [words('outcome'), ({ shift }) => ({ text: shift === 'not-told' ? 'cannot be told' : shift })],
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
    columns: columns.map(([column]) => column),
    rows: effects.flatMap((effect) => {
      const metric = definitions.get(effect.metric);
      return metric ? [{ server: null, cells: columns.map(([, cell]) => cell(effect, metric)) }] : [];
    }),
  };
}
