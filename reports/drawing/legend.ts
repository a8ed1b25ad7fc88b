/** Samples of the servers' lines, for legends. */
import type { Painter } from './painter.ts';
import { leavesOf, markupOf } from './compact.ts';
import { paint } from './painter.ts';
import { paintOf } from './paints.ts';
import { dashOf, shapeOf } from './style.ts';

/** By server: its line, 30 × 12 px, with its shape in the middle. */
export function legendSamples(painter: Painter, servers: number): string[] {
  const all = Array.from({ length: servers }, (_, server) => server);
  const svg = paint(painter, {
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
  const leaves = leavesOf(svg, paintOf);
  return all.map((server) => markupOf(leaves.filter((leaf) => leaf.server === server)));
}
