/** How servers are told apart: colour, dash and shape by index. */

/** Number of colours, dashes and shapes: pairwise coprime where it matters, so that 28 servers differ in two of them. */
export function styleOf(server: number): Readonly<Record<'colour' | 'dash' | 'shape', number>> {
  return { colour: server % 7, dash: server % DASHES.length, shape: server % SHAPES.length };
}

const DASHES = [
  [1, 0],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
] as const;

const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down'] as const;

/** The dash of a server's line in px, drawn and not drawn in turn; a whole line for none. */
export function dashOf(server: number): readonly number[] {
  return DASHES[styleOf(server).dash] ?? DASHES[0];
}

/** The shape of a server's points, by its name in Vega. */
export function shapeOf(server: number): string {
  return SHAPES[styleOf(server).shape] ?? SHAPES[0];
}
