/** Formats figures with their units for people. */
import { formatDuration } from '../../scenario/duration.ts';
import type { Unit } from '../../results/schema/plan.ts';
import type { Estimate } from '../../results/schema/leaves.ts';
import { spreadOf } from '../cells/cells.ts';
import type { EffectSize } from '../../results/schema/comparison.ts';

const USUAL_DIGITS = 3;
/** No measurement of elapsed time is more precise than this. */
const MOST_DIGITS = 6;

/** Ascending: the size from which a unit is used, and its name. */
type Units = readonly (readonly [size: number, name: string])[];

const BYTES: Units = [
  [1, 'B'],
  [1e3, 'kB'],
  [1e6, 'MB'],
  [1e9, 'GB'],
  [1e12, 'TB'],
];
const RATES: Units = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
];

/**
 * A value with its unit: `1.5 s`, `85 µs`, `12.3 MB` (1 MB is 1,000,000 bytes), `1,250`, `8,430/s`, `12 %`.
 *
 * @param unit `share`: a percentile, with all its digits, as 99.99 % is not 100 %
 * @param digits significant digits; whole counts are written out
 * @returns `–` for a missing or non-finite value
 */
export function formatValue(
  value: number | null | undefined,
  unit: Unit | 'share',
  digits = USUAL_DIGITS,
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (unit) {
    case 'ms':
      return formatDuration(value, digits);
    case 'us':
      return formatDuration(value / 1000, digits);
    case 'bytes':
      return scaled(value, digits, BYTES);
    case 'count':
      return Number.isInteger(value) ? grouped(value) : grouped(rounded(value, digits));
    case 'per-second':
      return `${Math.abs(value) < 99_950 ? grouped(rounded(value, digits)) : scaled(value, digits, RATES)}/s`;
    case 'ratio':
      return `${grouped(rounded(value * 100, digits))} %`;
    case 'share':
      // Nine digits hide floating-point noise.
      return `${rounded(value * 100, 9)} %`;
  }
}

/** Two values, with one unit where they share it: `224 to 229 ms`, `0.9 to 1.2 s`, `980 µs to 1.1 ms`. */
export function formatRange(low: number, high: number, unit: Unit | 'share', digits = USUAL_DIGITS): string {
  const [first, last] = [formatValue(low, unit, digits), formatValue(high, unit, digits)];
  if (first === last) return first;
  const [number, rest] = apart(first);
  return rest === apart(last)[1] ? `${number} to ${last}` : `${first} to ${last}`;
}

/**
 * A median and how sure it is: in parentheses its 95 % interval, `226 ms (224 to 229 ms)`; in brackets the smallest and the
 * largest trial where they are too few for one, `226 ms [224 to 229 ms]`. Sentences and tables write it alike.
 * `> 2 s` is a lower bound.
 */
export function formatEstimate(estimate: Estimate, unit: Unit): string {
  const { median, spread } = estimateParts(estimate, unit);
  return spread === '' ? median : `${median} ${spread}`;
}

/**
 * The same in two parts, with enough digits to show the width of the spread, which is empty for a single trial and
 * where all trials are the same.
 */
export function estimateParts(
  estimate: Estimate,
  unit: Unit,
): { readonly median: string; readonly spread: string } {
  const { low, high } = spreadOf(estimate);
  const digits = digitsToSee(high - low, Math.max(Math.abs(low), Math.abs(high)));
  const { n, interval, atLeast } = estimate;
  const median = `${atLeast === 'median' ? '> ' : ''}${formatValue(estimate.median, unit, digits)}`;
  if (n < 2 || (atLeast === 'median' && low >= estimate.median)) return { median, spread: '' };
  const range = atLeast
    ? `${formatValue(low, unit, digits)} to > ${formatValue(high, unit, digits)}`
    : formatRange(low, high, unit, digits);
  if (range === median) return { median, spread: '' };
  return { median, spread: interval ? `(${range})` : `[${range}]` };
}

/** A share with a space before the sign, as in SI: `96.9 %`. */
export function formatPercent(share: number, digits = USUAL_DIGITS): string {
  return formatValue(share, 'ratio', digits);
}

/**
 * A difference between head and base: `+5.2 %` for a ratio, `−3 ms` for a difference (of shares in points); no sign
 * for none.
 *
 * @param unit that of the metric
 */
export function formatChange({ scale, value }: Pick<EffectSize, 'scale' | 'value'>, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  const percent = scale === 'ratio' ? (value - 1) * 100 : unit === 'ratio' ? value * 100 : undefined;
  if (percent === undefined) return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit);
  // Smaller changes than 0.01 % cannot be measured.
  const shown = Number(rounded(percent, USUAL_DIGITS).toFixed(2));
  return `${shown > 0 ? '+' : ''}${grouped(shown)} ${scale === 'ratio' ? '%' : 'points'}`;
}

/** A change with its interval: `+5.2 % (+3.1 % to +7.4 %)`, `−2 points (−3 to 0 points)`. */
export function formatEffect({ scale, value, interval }: EffectSize, unit: Unit): string {
  const change = (figure: number): string => formatChange({ scale, value: figure }, unit);
  if (!interval) return change(value);
  const [low, high] = [change(interval.low).replace(/ points$/, ''), change(interval.high)];
  return `${change(value)} (${low} to ${high})`;
}

function digitsToSee(width: number, size: number): number {
  if (width <= 0 || size === 0) return USUAL_DIGITS;
  return Math.min(MOST_DIGITS, Math.max(USUAL_DIGITS, Math.ceil(Math.log10(size / width)) + 1));
}

/** In the largest unit in which the rounded value is 1 or more. */
function scaled(value: number, digits: number, units: Units): string {
  const size = Math.abs(rounded(value, digits));
  const [divisor, name] = units.findLast(([from]) => size >= from) ?? units[0] ?? [1, ''];
  return `${grouped(rounded(value / divisor, digits))} ${name}`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Made once: construction costs a hundred times as much as use. */
const GROUPS = new Intl.NumberFormat('en', { maximumFractionDigits: 12, signDisplay: 'negative' });

/** `−1,234.5` */
function grouped(value: number): string {
  return GROUPS.format(value).replace('-', '−');
}

/** Splits `224 ms` into `224` and ` ms`; text that is more than number and unit (`1 min 5 s`) stays whole. */
function apart(text: string): readonly [number: string, rest: string] {
  const match = /^(−?[\d.,e+-]+)(\D*)$/.exec(text);
  return match ? [match[1] ?? '', match[2] ?? ''] : ['', text];
}
