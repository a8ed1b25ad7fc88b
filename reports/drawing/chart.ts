/** A whole chart from its spec. */
import type { Painter } from './painter.ts';
import type { ChartSpec, Drawing, DrawOptions } from './spec.ts';
import { markupOf } from './marks.ts';
import { layoutChart } from './layout.ts';
import { paint } from './painter.ts';

/** Draws a chart. The same spec and options give the same markup, in Node and in the page. */
export function drawChart(painter: Painter, spec: ChartSpec, options: DrawOptions): Drawing {
  const { scene, width, height, toX, toY } = layoutChart(spec, options);
  return { width, height, toX, toY, markup: markupOf(paint(painter, scene)) };
}
