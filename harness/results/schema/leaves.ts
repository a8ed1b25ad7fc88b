/**
 * Parts shared by Holdfast's documents. Every stored type is defined once, in this folder, as a zod schema with a
 * docstring for each field. The TypeScript type is inferred from it; `holdfast schema` prints it as JSON Schema.
 *
 * zod takes about 70 ms to load, so types come by `import type`, which leaves nothing at run time, and only readers
 * of files load a schema, by `await import()`. `holdfast --help`, `list`, `serve` and the generators load none
 * (checked by `test/architecture.test.ts`).
 */
import * as z from 'zod';

/** A type that is read-only to its leaves. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** Whole number, 0 or more. */
export const count = z.number().int().nonnegative();
/** Whole number, 1 or more. */
export const positive = z.number().int().positive();
/** A figure that cannot be negative: a duration, a size. */
export const amount = z.number().nonnegative();

/** Version of a document: files of other versions are refused. */
export const version = z.literal(1);

const isNumber = (value: unknown): value is number => typeof value === 'number';

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isNumber);
}

function isGappedNumbers(value: unknown): value is readonly (number | null)[] {
  return Array.isArray(value) && value.every((each) => each === null || isNumber(each));
}

/** A column of figures, checked in one pass: zod is far too slow for so many one by one. */
export const numbers = z
  .unknown()
  .refine(isNumbers, 'a list of numbers')
  .meta({ type: 'array', items: { type: 'number' } });

/** A column of figures with null where one could not be read. */
export const gappedNumbers = z
  .unknown()
  .refine(isGappedNumbers, 'a list of numbers and nulls')
  .meta({ type: 'array', items: { type: ['number', 'null'] } });

/** A closed interval for an unknown figure, in the unit of its samples. */
export type Interval = Immutable<z.infer<typeof interval>>;
export const interval = z.object({
  low: z.number(),
  high: z.number(),
  /** Probability, 0 to 1, that the procedure covers the true figure: exact where the method is, else nominal. */
  level: z.number(),
});

/** One metric in one cell, over its trials. */
export type Estimate = Immutable<z.infer<typeof estimate>>;
export const estimate = z.object({
  /** Trials that carried the metric. */
  n: count,
  median: z.number(),
  min: z.number(),
  max: z.number(),
  /** Exact order-statistic interval of the median; null where n is too small for 95 %. */
  interval: interval.nullable(),
  /** Values beyond Tukey's outer fences: counted, never dropped. */
  outliers: count,
  /**
   * Figures that are lower bounds, since the value of some trials is known to be at least what it says: the upper end
   * alone (`high`), or the median as well (`median`). Absent where all values are known.
   */
  atLeast: z.enum(['high', 'median']).exactOptional(),
});
