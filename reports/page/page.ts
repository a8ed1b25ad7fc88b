/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What the functions of the page share. Types only. */
import type { Layout } from '../drawing/chart.ts';
import type { Painter } from '../drawing/painter.ts';
import type { ChartSpec } from '../drawing/spec.ts';
import type { PageData } from '../html/payload.ts';
import type { PageState } from './state.ts';

export interface Page {
  readonly data: PageData;
  readonly painter: Painter;
  state: PageState;
  /** Of the next chart that is to be drawn out of sight. */
  timer?: number;
  /** Specs of the charts by id. */
  readonly charts: Readonly<Record<string, { readonly scenario: number; readonly spec: ChartSpec }>>;
  /** What is, or is about to be, drawn in which `<svg>`. */
  readonly drawn: Map<SVGSVGElement, DrawnChart>;
}

export interface DrawnChart {
  readonly layout: Layout;
  /** It looks otherwise than it should: it is to be drawn. */
  stale: boolean;
  readonly scenario: number;
  readonly spec: ChartSpec;
  /** Its x axis is the client counts, so that a point is a cell. */
  readonly cells: boolean;
}
