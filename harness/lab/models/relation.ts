/** The table of the models: what a connection and a message cost, and the expected ratio to the base. */
import { medianInterval } from '../../analysis/statistics/estimators/interval.ts';
import { median } from '../../analysis/statistics/estimators/quantile.ts';
import type { Unit } from './workload.ts';
import type { Slice } from './measure.ts';
import { BASE, figuresOf, REFERENCE, TOLERANCE, type ReferenceRow } from './reference.ts';

/**
 * Whether a model keeps to its limit. `reached` and `not reached` where the whole interval lies on one side of it;
 * `cannot be told` where the limit lies inside; `not measured` where every slice failed.
 */
export type Answer = 'reached' | 'not reached' | 'cannot be told' | 'not measured';

/** One figure and its expected ratio. */
export interface Relation {
  readonly unit: Unit;
  readonly variant: string;
  readonly workers?: number;
  readonly slots?: number;
  /** Median over the slices, in µs; undefined where all failed, as the next. */
  readonly costUs: number | undefined;
  readonly ratio: Ratio | undefined;
  /** The ratio in the table. */
  readonly reference: number;
  readonly limit: number;
  readonly answer: Answer;
}

/** How many times what the base costs at the same moment. */
export interface Ratio {
  readonly median: number;
  /** Of the median, at 95 %; with fewer than six slices the lowest and the highest of them. */
  readonly low: number;
  readonly high: number;
  readonly slices: number;
}

/** The table from what was measured. The base is compared with itself too, which shows how still the machine was. */
export function relations(
  slices: readonly Slice[],
  rows: readonly ReferenceRow[] = REFERENCE,
): readonly Relation[] {
  const base = REFERENCE.find(({ variant }) => variant === BASE)?.costUs;
  return rows.flatMap((row) =>
    figuresOf(row).map(([unit, referenceUs]) => {
      const own = slices.filter((slice) => slice.row === row && slice.unit === unit);
      const ratio = ratioOf(own);
      const reference = referenceUs / (base?.[unit] ?? Number.NaN);
      const limit = TOLERANCE * reference;
      const costUs = own.length > 0 ? median(own.map((slice) => slice.costUs)) : undefined;
      return { unit, ...row, costUs, ratio, reference, limit, answer: answerOf(ratio, limit) };
    }),
  );
}

function ratioOf(slices: readonly Slice[]): Ratio | undefined {
  const ratios = slices.map(({ costUs, baseUs }) => costUs / baseUs);
  if (ratios.length === 0) return undefined;
  const interval = medianInterval(ratios) ?? { low: Math.min(...ratios), high: Math.max(...ratios) };
  return { median: median(ratios), low: interval.low, high: interval.high, slices: ratios.length };
}

function answerOf(ratio: Ratio | undefined, limit: number): Answer {
  if (ratio === undefined) return 'not measured';
  if (ratio.high <= limit) return 'reached';
  return ratio.low > limit ? 'not reached' : 'cannot be told';
}
