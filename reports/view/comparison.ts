/** Section 12: two arms compared with each other, as counts, forest plots and a matrix. */
import { formatChange, formatValue } from '../../harness/analysis/text/format.ts';
import type { Comparison, DuetComparison, Effect } from '../../harness/results/schema/comparison.ts';
import { USUAL_RULE } from '../../harness/analysis/statistics/duet/duet-decision.ts';
import type { Plan, MetricDefinition } from '../../harness/results/schema/plan.ts';
import type { EffectRow, Tone } from '../drawing/effects.ts';
import type { CellView, ComparisonView, EffectsView, TableView } from './view.ts';
import { LAUNCHES_CAPTION, launchStrip } from '../charts/gates.ts';
import { counted, sentence } from '../../harness/analysis/text/phrases.ts';

/** Rows of a forest plot beyond which only the effects farthest from none are drawn. */
const MOST_ROWS = 40;

type Point = NonNullable<EffectRow['effect']>;

const OUTCOMES = {
  worse: ['worse', 'bad'],
  better: ['better', 'good'],
  'not-told': ['not told apart', 'neutral'],
  regression: ['regression', 'bad'],
  improvement: ['improvement', 'good'],
  'no-change': ['no change', 'neutral'],
  inconclusive: ['inconclusive', 'unsure'],
  invalid: ['invalid', 'neutral'],
} as const satisfies Readonly<Record<string, readonly [words: string, tone: Tone]>>;

function outcomeOf(effect: Effect): readonly [words: string, tone: Tone] {
  return OUTCOMES[effect.kind === 'advisory' ? effect.shift : effect.verdict];
}

export function comparisonView(comparison: Comparison | DuetComparison, plan: Plan): ComparisonView {
  const { base, head, kind, effects, metrics, notCompared } = comparison;
  const groups = Map.groupBy(effects, ({ scenario }) => scenario);
  return {
    about: `${base.label} (base) against ${head.label} (head)`,
    counts: countsOf(comparison),
    remarks: [
      ...comparison.remarks,
      ...comparison.environmentDifferences.map((text) => `The environments differ: ${text}.`),
    ],
    forests: [...groups].flatMap(([scenario, own]) =>
      metrics.flatMap((metric, i) => forestsOf(own, { scenario, metric, number: i + 1 }, plan, kind)),
    ),
    launches: 'duet' in comparison ? launchesOf(comparison, plan) : null,
    matrices: [...groups].map(([scenario, own]) => matrixOf(own, scenario, metrics, plan)),
    notCompared: notCompared.map(({ scenario, server, clients, why }) => {
      const where = [server, scenario, clients === undefined ? undefined : counted(clients, 'client')];
      return `${where.filter(Boolean).join(', ')}: ${why}`;
    }),
  };
}

/** `24 effects: 2 worse, 1 better, 21 not told apart.` */
function countsOf({ effects, kind }: Comparison): string {
  const order =
    kind === 'duet'
      ? (['regression', 'improvement', 'no-change', 'inconclusive', 'invalid'] as const)
      : (['worse', 'better', 'not-told'] as const);
  const words = effects.map((effect) => outcomeOf(effect)[0]);
  const parts = order.flatMap((outcome) => {
    const [name] = OUTCOMES[outcome];
    const count = words.filter((word) => word === name).length;
    return count > 0 || outcome !== 'invalid' ? [`${formatValue(count, 'count')} ${name}`] : [];
  });
  return `${formatValue(effects.length, 'count')} effect${effects.length === 1 ? '' : 's'}: ${parts.join(', ')}.`;
}

/** The forest plots of one metric in one scenario: ratios, and differences where a ratio is not defined. */
function forestsOf(
  effects: readonly Effect[],
  of: { readonly scenario: string; readonly metric: MetricDefinition; readonly number: number },
  plan: Plan,
  kind: Comparison['kind'],
): EffectsView[] {
  const { scenario, metric } = of;
  const at = plan.scenarios.findIndex(({ id }) => id === scenario);
  return (['ratio', 'difference'] as const).flatMap((scale): EffectsView[] => {
    const all = effects.flatMap((effect): (EffectRow & { readonly effect: Point })[] => {
      const { size } = effect;
      if (effect.metric !== metric.id || size?.scale !== scale || !Number.isFinite(size.value)) return [];
      const [outcome, tone] = outcomeOf(effect);
      return [
        {
          server: indexOf(plan, effect.server),
          name: `${effect.server} at ${formatValue(effect.clients, 'count')}`,
          effect: {
            value: size.value,
            low: size.interval?.low ?? null,
            high: size.interval?.high ?? null,
          },
          note: `${formatChange(size, metric.unit)} ${outcome}`,
          tone,
        },
      ];
    });
    if (all.length === 0) return [];
    const far = ({ effect: { value } }: (typeof all)[number]): number =>
      Math.abs(scale === 'ratio' ? Math.log(value) : value);
    const kept = new Set(all.toSorted((a, b) => far(b) - far(a)).slice(0, MOST_ROWS));
    const rows = all.filter((row) => kept.has(row));
    const fewer =
      rows.length < all.length
        ? ` Shown are the ${rows.length} of ${all.length} effects that are farthest from none.`
        : '';
    const better = { lower: 'less is better', higher: 'more is better', neutral: 'neither is better' };
    const lines =
      scale === 'ratio'
        ? ` Dotted: ${USUAL_RULE.delta * 100} % more or less, the smallest effect that a duet raises an alarm for by its usual rule.`
        : '';
    return [
      {
        id: `comparison-${at < 0 ? 'other' : at + 1}-${of.number}${scale === 'ratio' ? '' : '-difference'}`,
        scenario: at < 0 ? null : at,
        title: `${sentence(metric.title)}, head against base`,
        description: `${all.length} effects, by server at a number of clients. ${rows
          .slice(0, 8)
          .map(({ name, note }) => `${name}: ${note}.`)
          .join(' ')}`,
        caption: `${metric.description} Point: the effect; line: its ${kind === 'duet' ? 'interval' : '95 % interval'}; ${better[metric.direction]}.${lines}${fewer}`,
        spec: {
          title: `${sentence(metric.title)}: ${better[metric.direction]}`,
          axis: 'head against base',
          scale,
          unit: metric.unit,
          rows,
          symmetric: false,
          delta: scale === 'ratio' ? USUAL_RULE.delta : null,
        },
      },
    ];
  });
}

function launchesOf({ duet, metrics }: DuetComparison, plan: Plan): EffectsView | null {
  const measured = duet.gates.filter(({ d, controlD }) => d.length + controlD.length > 0);
  if (measured.length === 0) return null;
  return {
    id: 'comparison-launches',
    scenario: null,
    title: 'Every launch, head against base',
    description: `${formatValue(duet.launches.completed, 'count')} launches of ${measured.map(({ name }) => name).join(', ')}.`,
    caption: LAUNCHES_CAPTION,
    spec: launchStrip(
      measured.map((gate) => ({
        gate,
        subject: gate.subject,
        metric: metrics.find(({ id }) => id === gate.metric)?.title ?? gate.metric,
        server: indexOf(plan, gate.subject),
      })),
    ),
  };
}

/** The matrix of a scenario: a row a cell, a column a metric. */
function matrixOf(
  effects: readonly Effect[],
  scenario: string,
  metrics: readonly MetricDefinition[],
  plan: Plan,
): TableView {
  const at = plan.scenarios.findIndex(({ id }) => id === scenario);
  const shown = metrics.filter(({ id }) => effects.some(({ metric }) => metric === id));
  const cells = Map.groupBy(effects, ({ server, clients }) => JSON.stringify([server, clients]));
  const rows = [...cells.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const byMetric = new Map(own.map((effect) => [effect.metric, effect]));
    return [
      {
        server: indexOf(plan, first.server),
        cells: [
          { text: first.server },
          { text: formatValue(first.clients, 'count'), value: first.clients },
          ...shown.map((metric) => effectCell(byMetric.get(metric.id), metric)),
        ],
      },
    ];
  });
  return {
    id: `compared-${at < 0 ? 'other' : at + 1}`,
    scenario: at < 0 ? null : at,
    caption: `${plan.scenarios[at]?.title ?? scenario}: by how much the head differs from the base, and what that means`,
    key: false,
    columns: [
      { title: 'server', numeric: false },
      { title: 'clients', numeric: true },
      ...shown.map(({ title, description }) => ({ title, numeric: true, about: description })),
    ],
    rows,
  };
}

function effectCell(effect: Effect | undefined, metric: MetricDefinition): CellView {
  if (!effect) return { text: formatValue(null, metric.unit), note: 'not compared' };
  const [words, tone] = outcomeOf(effect);
  const { size } = effect;
  const about = tone === 'neutral' ? {} : { tone };
  if (!size || !Number.isFinite(size.value))
    return { text: formatValue(null, metric.unit), note: words, ...about };
  return { text: formatChange(size, metric.unit), value: size.value, note: words, ...about };
}

function indexOf(plan: Plan, server: string): number | null {
  const index = plan.servers.findIndex(({ name }) => name === server);
  return index < 0 ? null : index;
}
