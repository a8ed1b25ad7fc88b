/** Scatter of trials as machines make it, for sweeps whose true order is known. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Deviations of the trials of one repetition in the order in which they run, in units of their spread. */
export type Scatter = (random: RandomGenerator, trials: number) => number[];

export const SCATTERS = {
  normal: independent(normal),
  /** Student's t with 3 degrees of freedom, brought to a variance of 1. */
  't with 3 df': independent((random) => {
    const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
    return normal(random) / Math.sqrt(squares);
  }),
  /** Three trials of a hundred are 3 to 15 spreads slow: a neighbour had the core. */
  disturbed: independent(
    (random) => normal(random) + (uniformFloat64(random) < 0.03 ? 3 + 12 * uniformFloat64(random) : 0),
  ),
  /** The machine wanders: neighbouring trials are alike, and repetitions differ by twice the spread. */
  drifting: (random, trials) => {
    const block = 2 * normal(random);
    let wander = normal(random);
    return Array.from({ length: trials }, () => {
      wander = MEMORY * wander + Math.sqrt(1 - MEMORY ** 2) * normal(random);
      return block + Math.SQRT1_2 * (wander + normal(random));
    });
  },
} as const satisfies Readonly<Record<string, Scatter>>;

export type ScatterName = keyof typeof SCATTERS;

/** How much of the machine's state a trial leaves to the next. */
const MEMORY = 0.95;

function independent(draw: (random: RandomGenerator) => number): Scatter {
  return (random, trials) => Array.from({ length: trials }, () => draw(random));
}

/** Standard normal (Box & Muller, 1958). */
function normal(random: RandomGenerator): number {
  return (
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random))
  );
}
