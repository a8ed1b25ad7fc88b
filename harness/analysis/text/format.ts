/** Figures as people read them: one place that knows how each unit is written. */
import { formatDuration } from '../../scenario/duration.ts';
import type { Unit } from '../../results/schema/plan.ts';
import type { Estimate } from '../../results/schema/leaves.ts';
import { spreadOf } from '../cells/cells.ts';
import type { EffectSize } from '../../results/schema/comparison.ts';

/** As many significant digits as most figures deserve. */
const USUAL_DIGITS = 3;
/** More digits than these no measurement of elapsed time carries. */
const MOST_DIGITS = 6;

/** Ascending: from which size on a unit is used, and its name. */
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
 * @param unit `share`: a percentile, with as many digits as it takes, for 99.99 % is not 100 %
 * @param digits significant digits; whole counts are written out
 * @returns `–` for what is missing or no finite number
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
      // Nine digits: without the noise of the last bits.
      return `${rounded(value * 100, 9)} %`;
  }
}

/** Two values, the unit once where they share it: `224 to 229 ms`, `0.9 to 1.2 s`, `980 µs to 1.1 ms`. */
export function formatRange(low: number, high: number, unit: Unit, digits = USUAL_DIGITS): string {
  const [first, last] = [formatValue(low, unit, digits), formatValue(high, unit, digits)];
  if (first === last) return first;
  const [number, rest] = apart(first);
  return rest === apart(last)[1] ? `${number} to ${last}` : `${first} to ${last}`;
}

/**
 * A median and how sure it is: `226 ms (224 to 229 ms)`. In brackets stands the interval or, where there are too few
 * trials for one, the range from the smallest to the largest; nothing where there is a single trial.
 *
 * There are as many digits as it takes to see the width of the brackets.
 */
export function formatEstimate(estimate: Estimate, unit: Unit): string {
  const { low, high } = spreadOf(estimate);
  const digits = digitsToSee(high - low, Math.max(Math.abs(low), Math.abs(high)));
  const median = formatValue(estimate.median, unit, digits);
  return estimate.n < 2 ? median : `${median} (${formatRange(low, high, unit, digits)})`;
}

/** A share with a blank before the sign, as SI wants it: `96.9 %`. */
export function formatPercent(share: number, digits = USUAL_DIGITS): string {
  return formatValue(share, 'ratio', digits);
}

/**
 * By how much the head differs from the base: `+5.2 %` for a ratio, `−3 ms` for a difference (of shares in points),
 * without a sign for none.
 *
 * @param unit that of the metric
 */
export function formatChange({ scale, value }: Pick<EffectSize, 'scale' | 'value'>, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  const percent = scale === 'ratio' ? (value - 1) * 100 : unit === 'ratio' ? value * 100 : undefined;
  if (percent === undefined) return value > 0 ? `+${formatValue(value, unit)}` : formatValue(value, unit);
  // A hundredth of a percent is less than anyone measures.
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

/** In the largest unit that keeps it at 1 or above, once it is rounded. */
function scaled(value: number, digits: number, units: Units): string {
  const size = Math.abs(rounded(value, digits));
  const [divisor, name] = units.findLast(([from]) => size >= from) ?? units[0] ?? [1, ''];
  return `${grouped(rounded(value / divisor, digits))} ${name}`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Made once: making it takes a hundred times as long as using it. */
const GROUPS = new Intl.NumberFormat('en', { maximumFractionDigits: 12, signDisplay: 'negative' });

/** `−1,234.5` */
function grouped(value: number): string {
  return GROUPS.format(value).replace('-', '−');
}

/** `224 ms` → `224` and ` ms`; what is more than a number and a unit (`1 min 5 s`) stays in one piece. */
function apart(text: string): readonly [number: string, rest: string] {
  const match = /^(−?[\d.,e+-]+)(\D*)$/.exec(text);
  return match ? [match[1] ?? '', match[2] ?? ''] : ['', text];
}
