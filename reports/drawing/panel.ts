/** One panel of the small multiples: a server in its colours before all the others in grey. */
import type { Painter } from './painter.ts';
import type { ChartSpec } from './spec.ts';
import { axisOf, spareTicks, ticksOf } from './axis.ts';
import { markupOf, paintOf } from './marks.ts';
import { axisParameters, scalesOf, valuesOf } from './chart.ts';
import { paint } from './painter.ts';
import { joinRows, seriesRows } from './rows.ts';

/** Size of a panel in px; the same for all, so that they share their axes. */
export const PANEL = { width: 228, height: 150 } as const;

/** What all panels of a chart share: axes and every line in grey; and what one server adds. All are drawn at once. */
export function drawPanels(
  painter: Painter,
  spec: ChartSpec,
  linear: boolean,
): { readonly ground: string; readonly panel: (server: number) => string } {
  const origin = [44, 8] as const;
  const [width, height] = [PANEL.width - origin[0] - 8, PANEL.height - origin[1] - 22];
  const x = axisOf(spec.x, valuesOf(spec, spec.series, 'x'), linear);
  const y = axisOf(spec.y, valuesOf(spec, spec.series, 'y'), linear);
  const scales = scalesOf(x, y, width, height);
  const look = { kind: spec.kind, dots: spec.series.length <= 8, quiet: { curves: false, bands: false } };
  const marks = paint(painter, {
    kind: 'panel',
    types: { x: x.type, y: y.type },
    width,
    height,
    origin,
    parameters: {
      ...axisParameters('x', x, spareTicks(x, ticksOf(x, 4), scales.x)),
      ...axisParameters('y', y, ticksOf(y, 3)),
    },
    data: joinRows(spec.series.map((one) => seriesRows(one, { x, y }, look))),
  });
  const grey = new Map([
    ['fill', 'none'],
    ['stroke', paintOf('line')],
  ]);
  const lines = marks.filter(({ layer }) => layer === 'lines');
  return {
    ground: markupOf([
      ...marks.filter(({ server }) => server === null),
      ...lines.map((mark) => ({ ...mark, layer: 'ground', server: null, look: grey })),
    ]),
    panel: (server) => markupOf(marks.filter((mark) => mark.server === server)),
  };
}
