/** A strip plot: every launch of a duet by itself, the head against the base above its control. */
import type { Painter } from './painter.ts';
import type { Datum } from './scene.ts';
import { leavesOf, markupOf } from './compact.ts';
import { effectParameters } from './effect-axis.ts';
import { paint } from './painter.ts';
import { paintOf } from './paints.ts';
import { fitText, textWidth } from './text.ts';

export interface StripRow {
  /** Index into the report's servers; null for one that the report does not have. */
  readonly server: number | null;
  readonly name: string;
  /** Second, quieter line of the name. */
  readonly of: string;
  /** Logarithms of ratios, one a launch. */
  readonly head: readonly number[];
  readonly control: readonly number[];
  /** At the right. */
  readonly note: string;
}

export interface StripSpec {
  readonly title: string;
  readonly axis: string;
  readonly rows: readonly StripRow[];
}

const ROW = 36;
const TOP = 30;
const BELOW = 46;
/** Beyond it (65 %) a launch stands at the edge: a single wild one would squeeze all others. */
const FARTHEST = 0.5;

/** Height of the whole plot in px. */
export function stripHeight({ rows }: StripSpec): number {
  return TOP + rows.length * ROW + BELOW;
}

/** Draws it `width` px wide. */
export function drawStrip(painter: Painter, { title, axis, rows }: StripSpec, width: number): string {
  const widest = rows.flatMap(({ name, of }) => [textWidth(name, 11.5), textWidth(of, 11.5)]);
  const left = Math.min(Math.ceil(Math.max(60, ...widest)) + 16, width * 0.36);
  const right = Math.ceil(Math.max(40, ...rows.map(({ note }) => textWidth(note, 11.5)))) + 24;
  const [plot, height] = [width - left - right, rows.length * ROW];
  const far = rows.flatMap(({ head, control }) => [...head, ...control]).map(Math.abs);
  const half = Math.min(far.reduce((most, one) => Math.max(most, one), 0.06) * 1.08, FARTHEST);
  const within = (value: number): number => Math.exp(Math.max(-half, Math.min(half, value)));
  const owned = (name: string, { server }: StripRow): string =>
    server === null ? name : `${name}@${server}`;
  const marks = (
    row: StripRow,
    values: readonly number[],
    y: number,
    name: string,
    filled: boolean,
  ): Datum[] =>
    values.map((value) => {
      const own = owned(name, row);
      return { x: within(value), y, paint: own, ground: filled ? own : 'surface', shape: 'circle' };
    });
  const at = (i: number): number => (i + 0.5) * ROW;
  const domain = [Math.exp(-half), Math.exp(half)] as const;
  const svg = paint(painter, {
    kind: 'strip',
    types: { x: 'log', y: 'linear' },
    width: plot,
    height,
    origin: [left, TOP],
    parameters: effectParameters({ scale: 'ratio', unit: 'ratio', domain }, plot),
    data: {
      guides: [{ x: 1, y: 0, y2: height, paint: 'muted', dash: [1, 0] }],
      launches: rows.flatMap((row, i) => [
        ...marks(row, row.control, at(i) + 8, 'muted', false),
        ...marks(row, row.head, at(i) - 6, 'accent', true),
      ]),
      labels: rows.flatMap((row, i) => [
        { x: -left, y: at(i) - 6, text: fitText(row.name, 11.5, left - 12), paint: owned('ink', row) },
        { x: -left, y: at(i) + 8, text: fitText(row.of, 11.5, left - 12), paint: owned('muted', row) },
        { x: plot + 14, y: at(i), text: row.note, paint: owned('muted', row) },
      ]),
      titles: [
        { x: -left, y: -18, text: title, align: 'left', paint: 'ink' },
        { x: plot / 2, y: height + 36, text: axis, align: 'center', paint: 'muted' },
      ],
    },
  });
  return markupOf(leavesOf(svg, paintOf));
}
