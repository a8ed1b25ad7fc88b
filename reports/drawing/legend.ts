/** Samples of the servers' lines, for legends. */
import type { Painter } from './painter.ts';
import { markupOf } from './marks.ts';
import { paint } from './painter.ts';
import { dashOf, shapeOf } from './style.ts';

/** By server: its line, 30 × 12 px, with its shape in the middle. */
export function legendSamples(painter: Painter, servers: number): string[] {
  const all = Array.from({ length: servers }, (_, server) => server);
  const marks = paint(painter, {
    kind: 'legend',
    types: { x: 'linear', y: 'linear' },
    width: 30,
    height: 12,
    origin: [0, 0],
    parameters: {},
    data: {
      strokes: all.map((server) => ({
        x: 1,
        y: 6,
        x2: 29,
        y2: 6,
        paint: `s${server}`,
        dash: dashOf(server),
      })),
      keys: all.map((server) => ({ x: 15, y: 6, paint: `s${server}`, shape: shapeOf(server) })),
    },
  });
  return all.map((server) => markupOf(marks.filter((mark) => mark.server === server)));
}
