/** A whole chart from its spec: margins, axes, names at the ends of lines, and its drawing. */
import type { Axis, VegaScale } from './axis.ts';
import type { Rows } from './rows.ts';
import type { Painter, Scene } from './painter.ts';
import type { ChartSpec, DrawOptions, SeriesSpec } from './spec.ts';
import { axisOf, givenFor, spareTicks, tickLabel, ticksOf, vegaScale } from './axis.ts';
import { dodge } from './dodge.ts';
import { markupOf } from './marks.ts';
import { paint } from './painter.ts';
import { joinRows, seriesRows } from './rows.ts';
import { shapeOf } from './style.ts';
import { fitText, textWidth } from './text.ts';

/** A scene, with where values are in the picture. */
export interface Layout {
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

/** All values that an axis has to show. */
export function valuesOf(spec: ChartSpec, series: readonly SeriesSpec[], axis: 'x' | 'y'): number[] {
  const own = series.flatMap(({ points }) =>
    points.flatMap(([x, y, low, high]) => (axis === 'x' ? [x] : [y, low, high])),
  );
  const references = spec.references.flatMap(({ points }) => points.map(([x, y]) => (axis === 'x' ? x : y)));
  // Every chart of a sweep spans all its client counts, whichever of them it has a figure for.
  const ticks = axis === 'x' ? (spec.x.ticks ?? []) : [];
  return [...own, ...references, ...ticks].filter(
    (value) => value !== null && Number.isFinite(value),
  ) as number[];
}

/** The end of a line that gets a name, in px of the plot: a server's, or a reference's where `server` is null. */
interface LineEnd {
  readonly server: number | null;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

function lineEnds(
  spec: ChartSpec,
  series: readonly SeriesSpec[],
  names: readonly string[],
  place: (x: number, y: number) => readonly [number, number],
): LineEnd[] {
  const servers = series.flatMap(({ server, points }): LineEnd[] => {
    const last = points.findLast((point) => point[1] !== null);
    if (!last) return [];
    const [x, y] = place(last[0], last[1] ?? Number.NaN);
    return [{ server, name: names[server] ?? '', x, y }];
  });
  const references = spec.references.flatMap(({ name, points }): LineEnd[] => {
    const last = points.at(-1);
    if (!last || !name) return [];
    const [x, y] = place(last[0], last[1]);
    return [{ server: null, name, x, y }];
  });
  return [...servers, ...references];
}

/** Names to the right of the lines, each beside the end of its line, joined to it where it had to move. */
function labelRows(
  ends: readonly LineEnd[],
  plot: { readonly width: number; readonly height: number },
  room: { readonly gap: number; readonly width: number },
): Rows {
  const lowest = Math.max(plot.height - 2, 2 + room.gap * (ends.length - 1));
  const positions = dodge(
    ends.map((end) => end.y),
    room.gap,
    2,
    lowest,
  );
  // Where all lines end long before the edge, as they do with a single number of clients, names stand beside them.
  const farthest = ends.reduce((most, { x }) => Math.max(most, x), 0);
  const edge = plot.width - farthest > 100 ? farthest : plot.width;
  const left = edge + 26;
  const rows: Rows = { leaders: [], keys: [], strokes: [], labels: [] };
  ends.forEach(({ server, name, x, y }, i) => {
    const at = positions[i] ?? y;
    const paint = server === null ? 'muted' : `s${server}`;
    const moved = Math.abs(at - y) > 3 || edge - x > 6;
    // The point itself is the key of a name that stands right beside it.
    const beside = !moved && edge < plot.width && server !== null;
    if (moved) rows['leaders']?.push({ x: x + 5, y, x2: left - 12, y2: at, paint });
    if (server === null)
      rows['strokes']?.push({ x: left - 12, y: at, x2: left, y2: at, paint, dash: [1, 3] });
    else if (!beside) rows['keys']?.push({ x: left - 5, y: at, paint, shape: shapeOf(server) });
    const text = fitText(name, 11.5, room.width);
    rows['labels']?.push({
      x: beside ? x + 9 : left + 4,
      y: at,
      text,
      paint: server === null ? 'muted' : `t${server}`,
    });
  });
  return rows;
}

/** Ends, ticks and labels of an axis for the scene. */
export function axisParameters(name: 'x' | 'y', axis: Axis, ticks: readonly number[]): Scene['parameters'] {
  return {
    [`${name}Low`]: axis.domain[0],
    [`${name}High`]: axis.domain[1],
    [`${name}Ticks`]: ticks,
    [`${name}Labels`]: ticks.map((tick) => tickLabel(axis, tick)),
  };
}

/** Scales over a plot of this size, in px of the plot, as Vega computes them. */
export function scalesOf(
  x: Axis,
  y: Axis,
  width: number,
  height: number,
): { readonly x: VegaScale; readonly y: VegaScale } {
  return {
    x: vegaScale(x.type).domain(x.domain).range([0, width]),
    y: vegaScale(y.type).domain(y.domain).range([height, 0]),
  };
}

export function layoutChart(spec: ChartSpec, options: DrawOptions): Layout {
  const series = spec.series.filter(({ server }) => !options.hidden?.includes(server));
  const linear = options.linear === true;
  const x = axisOf(spec.x, valuesOf(spec, series, 'x'), linear);
  const y = axisOf(spec.y, valuesOf(spec, series, 'y'), linear);

  const top = 30;
  const height = spec.height - 46 - top;
  const yTicks = ticksOf(y, Math.max(3, Math.floor(height / 42)));
  const left = Math.ceil(Math.max(30, ...yTicks.map((tick) => textWidth(tickLabel(y, tick), 11)))) + 10;
  const names = [
    ...series.map(({ server }) => options.names[server] ?? ''),
    ...spec.references.map(({ name }) => name),
  ];
  const gap = Math.min(15, (height - 4) / Math.max(1, names.length - 1));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, 11.5)));
  const room = { gap, width: Math.min(widest + 2, options.width * 0.26, 190) };
  const labelled = spec.labels && series.length > 0 && gap >= 11;
  const width = options.width - left - (labelled ? room.width + 34 : 16);

  const scales = scalesOf(x, y, width, height);
  const xTicks = spareTicks(x, ticksOf(x, Math.max(2, Math.floor(width / 90))), scales.x);
  const place = (at: number, value: number): readonly [number, number] => [
    scales.x(givenFor(x.kind, at)),
    scales.y(value),
  ];
  const suffix = y.kind === 'log' ? ', log scale' : y.kind === 'symlog' ? ', log scale from 0' : '';
  const scene: Scene = {
    kind: spec.kind,
    types: { x: x.type, y: y.type },
    width,
    height,
    origin: [left, top],
    parameters: { ...axisParameters('x', x, xTicks), ...axisParameters('y', y, yTicks) },
    data: joinRows([
      {
        references: spec.references.flatMap(({ points }, part) =>
          points.map((point) => ({ x: point[0], y: point[1], part })),
        ),
        shades: (spec.shades ?? []).map(([from, to, weight]) => ({
          x: from,
          x2: to,
          y: 0,
          y2: height,
          paint: 'warn',
          opacity: 0.12 + 0.4 * weight,
        })),
        titles: [
          { x: -left, y: -18, text: spec.y.title + suffix, align: 'left', paint: 'ink' },
          { x: width / 2, y: height + 36, text: spec.x.title, align: 'center', paint: 'muted' },
        ],
      },
      ...series.map((one) => seriesRows(one, { x, y }, spec)),
      labelled ? labelRows(lineEnds(spec, series, options.names, place), { width, height }, room) : {},
    ]),
  };
  return {
    scene,
    width: options.width,
    height: spec.height,
    toX: (value) => left + scales.x(givenFor(x.kind, value)),
    toY: (value) => top + scales.y(value),
  };
}

/** Draws a chart. The same spec and options give the same markup, in Node and in the page. */
export function drawChart(
  painter: Painter,
  spec: ChartSpec,
  options: DrawOptions,
): Layout & { readonly markup: string } {
  const layout = layoutChart(spec, options);
  return { ...layout, markup: markupOf(paint(painter, layout.scene)) };
}
