/** The kinds of charts, each from the layers that it needs. */
import type { TopLevelSpec } from 'vega-lite';
import { layerOf, type LayerName } from './layers.ts';
import { chartConfig } from '../theme.ts';

/** What is given when a chart is drawn; see painter.ts. */
const PARAMETERS = ['xLow', 'xHigh', 'xTicks', 'xLabels', 'yLow', 'yHigh', 'yTicks', 'yLabels'] as const;

function chart(...layers: readonly LayerName[]): TopLevelSpec {
  return {
    width: 100,
    height: 100,
    padding: 0,
    autosize: 'none',
    params: PARAMETERS.map((name) => ({ name, value: /Ticks|Labels/.test(name) ? [] : 1 })),
    layer: layers.map(layerOf),
    config: chartConfig(),
  };
}

const FITTED = ['knee-spans', 'knees', 'halos', 'crosses'] as const;
const MEASURED = ['bands', 'whiskers', 'curves', 'lines', 'dots', ...FITTED] as const;
const NAMED = ['leaders', 'strokes', 'keys', 'labels'] as const;

/** Specs in Vega-Lite, by the name of the kind. */
export const KINDS = {
  /** A metric against the number of clients: everything that can be said of a server. */
  sweep: chart('references', ...MEASURED, ...NAMED, 'titles'),
  /** Lines alone, over time or percentiles. */
  curve: chart('shades', 'lines', 'dots', ...NAMED, 'titles'),
  /** Points that are not joined. */
  scatter: chart('references', 'dots', 'halos', 'crosses', 'titles'),
  /** Small, without names and titles. */
  panel: chart(...MEASURED),
  /** Effects with their intervals, or launches, one row each. */
  effects: chart('shades', 'guides', 'intervals', 'launches', 'effects', 'labels', 'titles'),
  /** Samples of lines for legends. */
  legend: chart('strokes', 'keys'),
} as const satisfies Readonly<Record<string, TopLevelSpec>>;

export type ChartKind = keyof typeof KINDS;
