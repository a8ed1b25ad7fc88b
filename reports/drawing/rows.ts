/** The rows of a chart's series, for the layers of layers.ts. */
import type { Axis } from './axis.ts';
import type { Datum } from './painter.ts';
import type { ChartSpec, SeriesSpec } from './spec.ts';
import { givenFor } from './axis.ts';
import { dashOf, shapeOf } from './style.ts';

/** Rows by the name of their data set. */
export type Rows = Record<string, Datum[]>;

/** The band between the ends of the intervals; a stretch of points without one interrupts it. */
function bandRows(series: SeriesSpec, paint: string, x: Axis): Rows {
  const stretches: Datum[][] = [[]];
  for (const [at, , low, high] of series.points) {
    if (low === null || high === null) stretches.push([]);
    else
      stretches
        .at(-1)
        ?.push({ x: givenFor(x.kind, at), y: low, y2: high, paint, part: `${paint}.${stretches.length}` });
  }
  return {
    bands: stretches.flatMap((stretch) => (stretch.length > 1 ? stretch : [])),
    whiskers: stretches.flatMap((stretch) => (stretch.length === 1 ? stretch : [])),
  };
}

/** Everything of one server but its label. */
export function seriesRows(
  series: SeriesSpec,
  axes: { readonly x: Axis; readonly y: Axis },
  look: Pick<ChartSpec, 'kind' | 'dots' | 'quiet'>,
): Rows {
  const { server } = series;
  const { x, y } = axes;
  const [paint, shape, dash] = [`s${server}`, shapeOf(server), dashOf(server)];
  const quiet = `q${server}`;
  const within = (axis: Axis, value: number): number =>
    Math.max(axis.domain[0], Math.min(axis.domain[1], value));
  const joined = look.kind !== 'scatter';
  const measured = series.points.flatMap(([at, value, , , mark]) =>
    value === null ? [] : [{ x: givenFor(x.kind, at), y: value, paint, mark }],
  );
  const shown = look.dots || measured.length === 1 ? measured : [];
  const fit = look.quiet?.curves ? quiet : paint;
  const inside = (series.curve ?? []).filter(
    ([at, value]) => at >= x.domain[0] && at <= x.domain[1] && value >= y.domain[0] && value <= y.domain[1],
  );
  const [at, level, low, high] = series.knee ?? [];
  const knee = at === undefined || level === undefined ? [] : [{ x: within(x, at), y: level, paint: fit }];
  return {
    ...(joined ? bandRows(series, look.quiet?.bands ? quiet : paint, x) : {}),
    curves: inside.map(([place, value]) => ({ x: place, y: value, paint: fit })),
    lines: joined && measured.length > 1 ? measured.map((row) => ({ ...row, dash })) : [],
    dots: shown
      .filter(({ mark }) => mark !== 1)
      .map((row) => ({ ...row, shape, ground: row.mark === 2 ? 'surface' : paint })),
    crosses: series.points.flatMap(([place, value, , , mark]) =>
      value === null || mark === 1 ? [{ x: givenFor(x.kind, place), y: value ?? y.domain[1], paint }] : [],
    ),
    knees: knee,
    'knee-spans':
      typeof low === 'number' && typeof high === 'number'
        ? knee.map((row) => ({ ...row, x: within(x, low), x2: within(x, high) }))
        : [],
  };
}

/** Rows of several series together. */
export function joinRows(all: readonly Rows[]): Rows {
  const joined: Rows = {};
  for (const rows of all) {
    for (const [name, own] of Object.entries(rows)) (joined[name] ??= []).push(...own);
  }
  return joined;
}
