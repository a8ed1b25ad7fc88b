/**
 * What a chart is, as plain data: the same value is drawn to SVG in Node and, after a change of scale or of the servers
 * that are shown, again in the page. Types only.
 */
import type { Unit } from '../../harness/results/schema/plan.ts';

/**
 * How a value becomes a distance. `symlog` is log10(1 + |v|) with the sign of v, for figures that may be zero.
 * `percentile` takes a share p in [0, 1) and spreads the tail: log10(1 / (1 − p)).
 */
export type ScaleKind = 'linear' | 'log' | 'symlog' | 'percentile';

export interface AxisSpec {
  readonly title: string;
  readonly unit: Unit | 'share';
  readonly scale: ScaleKind;
  /** The reader's log/linear switch applies to it. */
  readonly switchable?: boolean;
  /** Values that ticks may stand at, where they are given by the measurement (client counts). */
  readonly ticks?: readonly number[];
  /** Ends of the axis, where the data should not choose them. */
  readonly domain?: readonly [number, number];
}

/** What a point looks like: as measured; with clients lost, or something failed; or not valid. */
export type PointMark = 0 | 1 | 2;

/** One cell: x, median, the ends of its interval, its mark. A null y: nothing was measured (the trials failed). */
export type PointSpec = readonly [
  x: number,
  y: number | null,
  low: number | null,
  high: number | null,
  mark: PointMark,
];

/** One server in a chart. */
export interface SeriesSpec {
  /** Which server: an index into the report's servers; decides colour, dash and shape. */
  readonly server: number;
  readonly points: readonly PointSpec[];
  /** A fitted or predicted curve of the same server, in its colour. */
  readonly curve?: readonly (readonly [x: number, y: number])[];
  /** The highest point of a fitted curve, with the interval of its x. */
  readonly knee?: readonly [x: number, y: number, low: number | null, high: number | null];
}

/** A line that belongs to no server, such as the ideal. */
export interface ReferenceSpec {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A stretch of the x axis that is shaded over the whole height, from 0 (not at all) to 1. */
export type ShadeSpec = readonly [from: number, to: number, weight: number];

export interface ChartSpec {
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  readonly series: readonly SeriesSpec[];
  readonly references: readonly ReferenceSpec[];
  /** Behind everything else; only on curves. */
  readonly shades?: readonly ShadeSpec[];
  /** Which of kinds.ts draws it: points joined by lines with all that belongs to them, lines alone, or points apart. */
  readonly kind: 'sweep' | 'curve' | 'scatter';
  /** A shape at every point; not on dense curves. */
  readonly dots?: boolean;
  /** Names at the ends of the lines, where there is room. */
  readonly labels?: boolean;
  /** Fitted curves and bands are there only for a server that is highlighted: they would hide the lines of many. */
  readonly quiet?: { readonly curves: boolean; readonly bands: boolean };
  /** Height in px; the width is given when it is drawn. */
  readonly height: number;
}

/** What is drawn of a spec, and how. */
export interface DrawOptions {
  readonly width: number;
  /** Names of all servers of the report, by index. */
  readonly names: readonly string[];
  /** Draw the switchable axes linear. */
  readonly linear?: boolean;
  /** Servers that are not drawn. */
  readonly hidden?: readonly number[];
}
