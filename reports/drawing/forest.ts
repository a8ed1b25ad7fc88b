/** A forest plot: one row an effect, with its interval, around the line of no difference. */
import type { Unit } from '../../harness/results/schema/metric.ts';
import type { Painter } from './painter.ts';
import type { Datum } from './scene.ts';
import { leavesOf, markupOf } from './compact.ts';
import { effectParameters, effectScale } from './effect-axis.ts';
import { paint } from './painter.ts';
import { paintOf } from './paints.ts';
import { fitText, textWidth } from './text.ts';

/** What an effect means for the one who reads it. */
export type Tone = 'bad' | 'good' | 'neutral';

export interface ForestRow {
  /** Index into the report's servers; null for one that the run does not have. */
  readonly server: number | null;
  readonly name: string;
  /** Head over base, or head minus base. */
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tone: Tone;
  /** The outcome in a word or two. */
  readonly outcome: string;
}

export interface ForestSpec {
  readonly title: string;
  readonly scale: 'ratio' | 'difference';
  /** Of differences. */
  readonly unit: Unit;
  readonly rows: readonly ForestRow[];
  /** Relative effects of this size get a line on both sides; null for none. */
  readonly delta: number | null;
}

const ROW = 22;
const TOP = 30;
const BELOW = 46;

/** Height of the whole plot in px. */
export function forestHeight({ rows }: ForestSpec): number {
  return TOP + rows.length * ROW + BELOW;
}

/** Ends of the axis: all intervals, the lines, and a margin; at least a tenth of a percent to each side. */
function domainOf({ rows, scale, delta }: ForestSpec): readonly [number, number] {
  const log = scale === 'ratio';
  const none = log ? 1 : 0;
  const sides = delta === null || !log ? [] : [1 + delta, 1 / (1 + delta)];
  const values = [
    none,
    ...sides,
    ...rows.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]),
  ];
  const placed = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const from = (value: number): number => (log ? Math.log(value) : value);
  const [low, high] = [Math.min(...placed.map(from)), Math.max(...placed.map(from))];
  const margin = Math.max((high - low) * 0.06, log ? 0.001 : 1e-9);
  const to = (value: number): number => (log ? Math.exp(value) : value);
  return [to(low - margin), to(high + margin)];
}

/** Draws it `width` px wide. */
export function drawForest(painter: Painter, spec: ForestSpec, width: number): string {
  const left = Math.min(
    Math.ceil(Math.max(60, ...spec.rows.map(({ name }) => textWidth(name, 11.5)))) + 16,
    width * 0.36,
  );
  const right = Math.ceil(Math.max(60, ...spec.rows.map(({ outcome }) => textWidth(outcome, 11.5)))) + 24;
  const [plot, height] = [width - left - right, spec.rows.length * ROW];
  const guide = (x: number, dash: readonly number[]): Datum => ({
    x,
    y: 0,
    y2: height,
    paint: 'muted',
    dash,
  });
  const { delta } = spec;
  const owned = (name: string, { server }: ForestRow): string =>
    server === null ? name : `${name}@${server}`;
  const paints = { bad: 'alarm', good: 'accent', neutral: 'muted' } as const;
  const at = (i: number): number => (i + 0.5) * ROW;
  const svg = paint(painter, {
    kind: 'forest',
    types: { x: effectScale(spec), y: 'linear' },
    width: plot,
    height,
    origin: [left, TOP],
    parameters: effectParameters({ ...spec, domain: domainOf(spec) }, plot),
    data: {
      guides: [
        guide(spec.scale === 'ratio' ? 1 : 0, [1, 0]),
        ...(delta === null || spec.scale === 'difference'
          ? []
          : [guide(1 + delta, [2, 3]), guide(1 / (1 + delta), [2, 3])]),
      ],
      intervals: spec.rows.flatMap((row, i) =>
        row.low === null || row.high === null
          ? []
          : [{ x: row.low, x2: row.high, y: at(i), paint: owned(paints[row.tone], row) }],
      ),
      effects: spec.rows.map((row, i) => {
        const own = owned(paints[row.tone], row);
        const shape = { bad: 'diamond', good: 'circle', neutral: 'circle' }[row.tone];
        return {
          x: row.value,
          y: at(i),
          paint: own,
          ground: row.tone === 'neutral' ? 'surface' : own,
          shape,
        };
      }),
      labels: spec.rows.flatMap((row, i) => [
        { x: -left, y: at(i), text: fitText(row.name, 11.5, left - 12), paint: owned('ink', row) },
        { x: plot + 14, y: at(i), text: row.outcome, paint: owned(paints[row.tone], row) },
      ]),
      titles: [
        { x: -left, y: -18, text: spec.title, align: 'left', paint: 'ink' },
        { x: plot / 2, y: height + 36, text: 'head against base', align: 'center', paint: 'muted' },
      ],
    },
  });
  return markupOf(leavesOf(svg, paintOf));
}
