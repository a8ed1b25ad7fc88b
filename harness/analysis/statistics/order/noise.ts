/**
 * How much the trials of a sweep scatter: pooled over its cells, because three trials of one cell cannot say it.
 *
 * Every repetition is a block that holds each cell once, in random order. What changed from one repetition to the next
 * has changed for all cells alike; it is estimated from all of them and taken off.
 */
import { median } from '../estimators/quantile.ts';

/** One trial. */
export interface Sample {
  /** The repetition that it belongs to. */
  readonly block: number;
  /** Its figure, above 0. */
  readonly value: number;
}

/** The trials of one server at one level; two or more. */
export interface SweepCell {
  readonly server: string;
  readonly level: number;
  readonly samples: readonly Sample[];
}

/** A cell without what its blocks added to it. */
export interface CentredCell extends SweepCell {
  /** Median of its logarithms. */
  readonly centre: number;
  /** Standard deviation of one trial, on the log scale. */
  readonly scale: number;
  /**
   * How much more the mean of the server's trials of one block varies than if its levels were independent, as a ratio of
   * variances; 1 or more. A server that suffers from a bad repetition more than the others does so at every level.
   */
  readonly together: number;
}

export interface Noise {
  readonly cells: readonly CentredCell[];
  /** Degrees of freedom of the pooled deviations. */
  readonly degrees: number;
  /** All deviations from the centres in units of the scale of their cell, ascending. */
  readonly deviations: Float64Array;
}

/** A block effect is estimated from this many cells or more. */
const FEWEST_IN_BLOCK = 2;
/** Rounds in which centres and block effects are fitted in turn; the third changes no digit that is shown. */
const ROUNDS = 4;
/** A factor from few trials may be far too small; it is taken as larger by this over its degrees of freedom. */
const CAUTION = 1;
/** The same for what a server's levels have in common, which rests on its repetitions alone. */
const CAUTION_TOGETHER = 4;
/** With so many degrees of freedom or fewer nothing is taken for quieter than all. */
const FEWEST_TO_BE_QUIET = 4;
/** What does not scatter at all would have a factor of 0, by which nothing can be divided. */
const LEAST_FACTOR = 1e-6;
/** So many degrees of freedom say that a server or a level scatters like all. */
const DRAW = 6;
/** A cell that scatters by more than this times the expected variance counts by its own. */
const EXCEPTIONAL = 3;

/**
 * @param cells of one metric in one scenario, each with two trials or more
 * @throws RangeError for a figure that is not above 0: it has no logarithm
 */
export function noiseOf(cells: readonly SweepCell[]): Noise {
  const { centres, effects, rests } = fit(cells.map(({ samples }) => samples.map(logarithm)));
  const total = rests.reduce((sum, { length }) => sum + length - 1, 0);
  const degrees = Math.max(1, total - Math.max(0, effects.size - 1));
  const inflation = total / degrees;
  const variances = rests.map((own) => (inflation * sumOfSquares(own)) / Math.max(1, own.length - 1));
  const freedom = rests.map(({ length }) => Math.max(1, length - 1));
  const expected = expectedVariances(cells, variances, freedom);
  const scales = variances.map((own, i) => Math.sqrt(Math.max(expected[i] ?? 0, own / EXCEPTIONAL)));
  const together = togetherness(cells, rests, scales);
  return {
    cells: cells.map((cell, i) => ({
      ...cell,
      centre: centres[i] ?? 0,
      scale: scales[i] ?? 0,
      together: together.get(cell.server) ?? 1,
    })),
    degrees,
    deviations: pooled(rests, scales, Math.sqrt(inflation)),
  };
}

/**
 * What a cell's variance should be: that of all cells, times how much its server and its level scatter against all. Both
 * are fitted in turn, so that a restless server does not make the levels look restless. A factor below 1 is drawn towards
 * 1, the more the fewer trials it rests on: to take a cell for quiet by mistake costs more than the contrary.
 */
function expectedVariances(
  cells: readonly SweepCell[],
  variances: readonly number[],
  freedom: readonly number[],
): number[] {
  const indices = cells.map((_, i) => i);
  const groups = [
    [...Map.groupBy(indices, (i) => cells[i]?.server).values()],
    [...Map.groupBy(indices, (i) => cells[i]?.level).values()],
  ];
  const factors = groups.map(() => cells.map(() => 1));
  const freedomOf = (own: readonly number[]): number => own.reduce((sum, i) => sum + (freedom[i] ?? 0), 0);
  const pooled = (own: readonly number[], factor: (i: number) => number): number =>
    own.reduce((sum, i) => sum + ((freedom[i] ?? 0) * (variances[i] ?? 0)) / factor(i), 0) / freedomOf(own);
  const all = pooled(indices, () => 1);
  if (!(all > 0)) return cells.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [g, parts] of groups.entries()) {
      const others = (i: number): number => all * (factors[1 - g]?.[i] ?? 1);
      for (const own of parts) {
        const factor = Math.max(LEAST_FACTOR, pooled(own, others));
        for (const i of own) (factors[g] as number[])[i] = factor;
      }
    }
  }
  const expected = cells.map(() => all);
  for (const [g, parts] of groups.entries())
    for (const own of parts)
      for (const i of own) expected[i] = (expected[i] ?? 0) * cautious(factors[g]?.[i] ?? 1, freedomOf(own));
  return expected;
}

/** A factor as it is counted: larger than it was found, and drawn towards 1 where it is below. */
function cautious(found: number, degrees: number): number {
  const factor = found * (1 + CAUTION / degrees);
  if (factor >= 1) return factor;
  const weight = Math.max(0, degrees - FEWEST_TO_BE_QUIET);
  return (factor * weight + DRAW) / (weight + DRAW);
}

/** See {@link CentredCell.together}; by server. */
function togetherness(
  cells: readonly SweepCell[],
  rests: readonly (readonly number[])[],
  scales: readonly number[],
): Map<string, number> {
  const sums = new Map<string, Map<number, { sum: number; levels: number }>>();
  for (const [i, { server, samples }] of cells.entries()) {
    const blocks = sums.get(server) ?? new Map<number, { sum: number; levels: number }>();
    sums.set(server, blocks);
    for (const [r, { block }] of samples.entries()) {
      const { sum, levels } = blocks.get(block) ?? { sum: 0, levels: 0 };
      const scale = scales[i] ?? 0;
      blocks.set(block, { sum: sum + (scale > 0 ? (rests[i]?.[r] ?? 0) / scale : 0), levels: levels + 1 });
    }
  }
  return new Map(
    [...sums].map(([server, blocks]) => {
      const means = [...blocks.values()].map(({ sum, levels }) => sum / Math.sqrt(levels));
      const middle = mean(means);
      const squares = means.reduce((sum, value) => sum + (value - middle) ** 2, 0);
      const freedom = Math.max(1, means.length - 1);
      return [server, Math.max(1, (squares / freedom) * (1 + CAUTION_TOGETHER / freedom))];
    }),
  );
}

interface Logged {
  readonly block: number;
  readonly log: number;
}

function logarithm({ block, value }: Sample): Logged {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`a figure must be above 0, not ${value}`);
  return { block, log: Math.log(value) };
}

/** Medians of the cells, and what each block adds to all of them, fitted in turn until they agree. */
function fit(cells: readonly (readonly Logged[])[]): {
  readonly centres: readonly number[];
  /** By block; only those that hold enough cells. */
  readonly effects: ReadonlyMap<number, number>;
  /** What is left of every trial. */
  readonly rests: readonly (readonly number[])[];
} {
  const inBlock = Map.groupBy(
    cells.flatMap((cell, of) => cell.map(({ block, log }) => ({ block, log, of }))),
    ({ block }) => block,
  );
  const effects = new Map(
    [...inBlock].flatMap(([block, own]): [number, number][] =>
      own.length >= FEWEST_IN_BLOCK ? [[block, 0]] : [],
    ),
  );
  const without = ({ block, log }: Logged): number => log - (effects.get(block) ?? 0);
  for (let round = 0; round < ROUNDS; round++) {
    const centres = cells.map((cell) => mean(cell.map(without)));
    for (const block of effects.keys())
      effects.set(block, median((inBlock.get(block) ?? []).map(({ log, of }) => log - (centres[of] ?? 0))));
    const level = mean([...effects.values()]);
    for (const [block, effect] of effects) effects.set(block, effect - level);
  }
  const centres = cells.map((cell) => median(cell.map(without)));
  return {
    centres,
    effects,
    rests: cells.map((cell, i) => cell.map((sample) => without(sample) - (centres[i] ?? 0))),
  };
}

/**
 * An odd number of trials has one that is its own median: its deviation of 0 says nothing and is left out. An even
 * number is widened by n/(n − 1), as its centre was made of its trials.
 */
function pooled(
  rests: readonly (readonly number[])[],
  scales: readonly number[],
  widened: number,
): Float64Array {
  return Float64Array.from(
    rests.flatMap((own, i) => {
      const scale = scales[i]!;
      if (scale === 0) return own.slice(1);
      const n = own.length;
      if (n % 2 === 0) return own.map((rest) => (rest * widened * Math.sqrt(n / (n - 1))) / scale);
      const middle = own.indexOf(own.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0]!);
      return own.toSpliced(middle, 1).map((rest) => (rest * widened) / scale);
    }),
  ).sort();
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
