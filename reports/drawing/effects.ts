/** Effects with their intervals, or every launch of a duet, one row each, around the line of no difference. */
import type { Unit } from '../../harness/results/schema/plan.ts';
import { formatChange } from '../../harness/analysis/text/format.ts';
import { type Datum, type Painter, paint } from './painter.ts';
import { logTicks, vegaScale } from './axis.ts';
import { markupOf } from './marks.ts';
import { fitText, textWidth } from './text.ts';

/** What an effect means for the one who reads it. */
export type Tone = 'bad' | 'good' | 'unsure' | 'neutral';

/** Effects are ratios of head to base, or differences; none is 1 or 0. */
export interface EffectRow {
  /** Index into the report's servers; null for one that the report does not have. */
  readonly server: number | null;
  readonly name: string;
  /** Second, quieter line of the name. */
  readonly of?: string;
  readonly effect?: { readonly value: number; readonly low: number | null; readonly high: number | null };
  /** One mark each: the head against the base above its control. */
  readonly launches?: { readonly head: readonly number[]; readonly control: readonly number[] };
  /** From `delta` on an effect raises an alarm, beyond `margin` it is more than "no change" allows. Relative. */
  readonly limits?: { readonly delta: number; readonly margin: number };
  readonly tone: Tone;
  /** At the right: the outcome in a word or two. */
  readonly note: string;
}

export interface EffectsSpec {
  readonly title: string;
  /** Title of the axis. */
  readonly axis: string;
  readonly scale: 'ratio' | 'difference';
  /** Of differences. */
  readonly unit: Unit;
  readonly rows: readonly EffectRow[];
  /** Relative effects of this size get a line on both sides; null for none. */
  readonly delta: number | null;
  /** As much room on both sides, and no more than 65 %: what is farther out stands at the edge. */
  readonly symmetric: boolean;
}

const TOP = 30;
const BELOW = 46;
/** Natural logarithm of the ratio beyond which a single wild launch would squeeze all others. */
const FARTHEST = 0.5;
const PAINTS = { bad: 'alarm', good: 'accent', unsure: 'warn', neutral: 'muted' } as const;

function rowHeight({ rows }: EffectsSpec): number {
  return rows.some(({ of }) => of !== undefined) ? 36 : 22;
}

/** Height of the whole plot in px. */
export function effectsHeight(spec: EffectsSpec): number {
  return TOP + spec.rows.length * rowHeight(spec) + BELOW;
}

/** Draws it `width` px wide. */
export function drawEffects(painter: Painter, spec: EffectsSpec, width: number): string {
  const { rows } = spec;
  const widest = (texts: readonly string[]): number =>
    Math.ceil(Math.max(60, ...texts.map((text) => textWidth(text, 11.5))));
  const left = Math.min(widest(rows.flatMap(({ name, of = '' }) => [name, of])) + 16, width * 0.36);
  const right = widest(rows.map(({ note }) => note)) + 24;
  const [step, plot] = [rowHeight(spec), width - left - right];
  const height = rows.length * step;
  const domain = domainOf(spec);
  const scene = {
    kind: 'effects' as const,
    types: { x: scaleOf(spec), y: 'linear' as const },
    width: plot,
    height,
    origin: [left, TOP] as const,
    parameters: axisParameters(spec, domain, plot),
    data: {
      ...rowsOf(spec, step, domain),
      guides: [...guidesOf(spec, height), ...limitRows(spec, step, domain).guides],
      shades: limitRows(spec, step, domain).shades,
      labels: rows.flatMap((row, i) => {
        const [y, room] = [(i + 0.5) * step, left - 12];
        const { name, of, note, tone } = row;
        const label = (text: string, x: number, at: number, name: string): Datum => ({
          x,
          y: at,
          text,
          paint: owned(name, row),
        });
        return [
          label(fitText(name, 11.5, room), -left, of === undefined ? y : y - 6, 'ink'),
          ...(of === undefined ? [] : [label(fitText(of, 11.5, room), -left, y + 8, 'muted')]),
          label(note, plot + 14, y, PAINTS[tone]),
        ];
      }),
      titles: [
        { x: -left, y: -18, text: spec.title, align: 'left', paint: 'ink' },
        { x: plot / 2, y: height + 36, text: spec.axis, align: 'center', paint: 'muted' },
      ],
    },
  };
  return markupOf(paint(painter, scene));
}

/** The name of a paint that is used for a row's server. */
function owned(name: string, { server }: EffectRow): string {
  return server === null ? name : `${name}@${server}`;
}

/** Intervals, effects and launches. */
function rowsOf({ rows }: EffectsSpec, step: number, [low, high]: Domain): Record<string, Datum[]> {
  const within = (value: number): number => Math.max(low, Math.min(high, value));
  const each = <Row>(make: (row: EffectRow, y: number) => Row[]): Row[] =>
    rows.flatMap((row, i) => make(row, (i + 0.5) * step));
  const launched = (
    row: EffectRow,
    values: readonly number[],
    y: number,
    name: string,
    filled: boolean,
  ): Datum[] =>
    values.map((value) => {
      const own = owned(name, row);
      return { x: within(value), y, paint: own, ground: filled ? own : 'surface', shape: 'circle' };
    });
  return {
    intervals: each(({ effect, ...row }, y) =>
      effect?.low == null || effect.high === null
        ? []
        : [{ x: within(effect.low), x2: within(effect.high), y, paint: owned(PAINTS[row.tone], row) }],
    ),
    effects: each(({ effect, ...row }, y) => {
      const own = owned(PAINTS[row.tone], row);
      const ground = row.tone === 'neutral' ? 'surface' : own;
      return effect
        ? [
            {
              x: within(effect.value),
              y,
              paint: own,
              ground,
              shape: row.tone === 'bad' ? 'diamond' : 'circle',
            },
          ]
        : [];
    }),
    launches: each((row, y) => [
      ...launched(row, row.launches?.control ?? [], y + 8, 'muted', false),
      ...launched(row, row.launches?.head ?? [], y - 6, 'accent', true),
    ]),
  };
}

/** Upright lines over the whole height: no difference, and the effects that matter. */
function guidesOf({ scale, delta }: EffectsSpec, height: number): Datum[] {
  const guide = (x: number, dash: readonly number[]): Datum => ({
    x,
    y: 0,
    y2: height,
    paint: 'muted',
    dash,
  });
  if (scale === 'difference') return [guide(0, [1, 0])];
  const matters = delta === null ? [] : [guide(1 + delta, [2, 3]), guide(1 / (1 + delta), [2, 3])];
  return [guide(1, [1, 0]), ...matters];
}

/** What is drawn behind a row that has limits of its own. */
function limitRows(
  { rows }: EffectsSpec,
  step: number,
  [, high]: Domain,
): Record<'guides' | 'shades', Datum[]> {
  const limited = rows.flatMap(({ limits }, i) =>
    limits ? [{ ...limits, y: i * step + 3, y2: (i + 1) * step - 3 }] : [],
  );
  return {
    guides: limited.map(({ delta, y, y2 }) => ({
      x: Math.min(1 + delta, high),
      y,
      y2,
      paint: 'alarm',
      dash: [2, 3],
    })),
    shades: limited.map(({ margin, y, y2 }) => ({
      x: Math.min(1 + margin, high),
      x2: high,
      y,
      y2,
      paint: 'alarm',
      opacity: 0.07,
    })),
  };
}

type Domain = readonly [low: number, high: number];

/** As much more is as far from none as as much less. */
function scaleOf({ scale }: EffectsSpec): 'log' | 'linear' {
  return scale === 'ratio' ? 'log' : 'linear';
}

/** Ends of the axis: all that is drawn, and a margin; at least a tenth of a percent to each side. */
function domainOf({ rows, scale, delta, symmetric }: EffectsSpec): Domain {
  const log = scale === 'ratio';
  const values = [
    log ? 1 : 0,
    ...(delta === null || !log ? [] : [1 + delta, 1 / (1 + delta)]),
    ...rows.flatMap(({ limits }) => (limits ? [1 + limits.margin] : [])),
    ...rows.flatMap(({ effect }) =>
      effect ? [effect.value, effect.low ?? effect.value, effect.high ?? effect.value] : [],
    ),
    ...rows.flatMap(({ launches }) => (launches ? [...launches.head, ...launches.control] : [])),
  ];
  const placed = values
    .filter((value) => Number.isFinite(value) && (!log || value > 0))
    .map((value) => (log ? Math.log(value) : value));
  const to = (value: number): number => (log ? Math.exp(value) : value);
  if (symmetric) {
    const far = placed.reduce((most, value) => Math.max(most, Math.abs(value)), 0.06);
    const half = Math.min(far * 1.08, FARTHEST);
    return [to(-half), to(half)];
  }
  const low = placed.reduce((least, value) => Math.min(least, value), Infinity);
  const high = placed.reduce((most, value) => Math.max(most, value), -Infinity);
  const margin = Math.max((high - low) * 0.06, log ? 0.001 : 1e-9);
  return [to(low - margin), to(high + margin)];
}

/** Ends, ticks that do not touch each other, and their labels for a plot of this width in px. */
function axisParameters(
  spec: EffectsSpec,
  [low, high]: Domain,
  width: number,
): Record<string, number | number[] | string[]> {
  const place = vegaScale(scaleOf(spec)).domain([low, high]).range([0, width]);
  const label = (tick: number): string => formatChange({ scale: spec.scale, value: tick }, spec.unit);
  const count = Math.max(2, Math.floor(width / 90));
  // Ratios near 1 are read in percent, so their ticks are round percents; far from it they are powers.
  const wanted =
    spec.scale === 'ratio' && high / low > 20
      ? logTicks(low, high, count)
      : vegaScale('linear').domain([low, high]).ticks(count);
  const ticks: number[] = [];
  for (const tick of wanted) {
    const last = ticks.at(-1);
    const apart = (textWidth(label(tick), 11) + textWidth(label(last ?? tick), 11)) / 2 + 10;
    if (last === undefined || place(tick) - place(last) >= apart) ticks.push(tick);
  }
  return { xLow: low, xHigh: high, xTicks: ticks, xLabels: ticks.map(label) };
}
