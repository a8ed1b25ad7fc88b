/** What Vega is given to draw one chart: sizes, parameters and rows, all plain data. Types only. */
import type { ChartKind } from './kinds.ts';

/** Types of Vega's scales that charts use. */
export type ScaleType = 'linear' | 'log' | 'symlog';

/** One row of a data set; which fields there are is up to the layer that draws it (vega/layers.ts). */
export type Datum = Readonly<Record<string, string | number | readonly number[]>>;

export interface Scene {
  readonly kind: ChartKind;
  readonly types: { readonly x: ScaleType; readonly y: ScaleType };
  /** Size of the plot in px, without what stands around it. */
  readonly width: number;
  readonly height: number;
  /** Where the plot begins in the picture. */
  readonly origin: readonly [left: number, top: number];
  /** Ends, ticks and labels of the axes. */
  readonly parameters: Readonly<Record<string, number | readonly number[] | readonly string[]>>;
  /** Rows by the name of their data set; one that is missing is empty. */
  readonly data: Readonly<Record<string, readonly Datum[]>>;
}
