/** The kinds of charts, each from the layers that it needs. */
import type { TopLevelSpec } from 'vega-lite';
import type { Layer } from './layers.ts';
import * as layer from './layers.ts';
import { chartConfig } from '../theme.ts';

/** What is given when a chart is drawn; see draw/scene.ts. */
const PARAMETERS = ['xLow', 'xHigh', 'xTicks', 'xLabels', 'yLow', 'yHigh', 'yTicks', 'yLabels'] as const;

function chart(...layers: readonly Layer[]): TopLevelSpec {
  return {
    width: 100,
    height: 100,
    padding: 0,
    autosize: 'none',
    params: PARAMETERS.map((name) => ({ name, value: /Ticks|Labels/.test(name) ? [] : 1 })),
    layer: [...layers],
    config: chartConfig(),
  };
}

const MEASURED = [
  layer.bands,
  layer.whiskers,
  layer.curves,
  layer.lines,
  layer.dots,
  layer.kneeSpans,
  layer.knees,
  layer.halos,
  layer.crosses,
];
const NAMED = [layer.leaders, layer.strokes, layer.keys, layer.labels];

/** Specs in Vega-Lite, by the name of the kind. */
export const KINDS = {
  /** A metric against the number of clients: everything that can be said of a server. */
  sweep: chart(layer.references, ...MEASURED, ...NAMED, layer.titles),
  /** Lines alone, over time or percentiles. */
  curve: chart(layer.shades, layer.lines, layer.dots, ...NAMED, layer.titles),
  /** Points that are not joined. */
  scatter: chart(layer.references, layer.dots, layer.halos, layer.crosses, layer.titles),
  /** Small, without names and titles. */
  panel: chart(...MEASURED),
  /** Effects with their intervals, or launches, one row each. */
  effects: chart(
    layer.shades,
    layer.guides,
    layer.intervals,
    layer.launches,
    layer.effects,
    layer.labels,
    layer.titles,
  ),
  /** Samples of lines for legends. */
  legend: chart(layer.strokes, layer.keys),
} as const satisfies Readonly<Record<string, TopLevelSpec>>;

export type ChartKind = keyof typeof KINDS;
