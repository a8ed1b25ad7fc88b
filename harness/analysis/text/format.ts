/** Figures as people read them: one place that knows how each unit is written. */
import { formatDuration } from '../../scenario/duration.ts';
import type { Unit } from '../../results/schema/metric.ts';
import type { Estimate } from '../../results/schema/leaves.ts';
import { spreadOf } from '../cells/estimate.ts';
import type { EffectSize } from '../../results/schema/comparison.ts';

/** As many significant digits as most figures deserve. */
const USUAL_DIGITS = 3;
/** More digits than these no measurement of elapsed time carries. */
const MOST_DIGITS = 6;

/**
 * A value with its unit: `1.5 s`, `85 µs`, `12.3 MB` (1 MB is 1,000,000 bytes), `1,250`, `8,430/s`, `12 %`.
 *
 * @param digits significant digits; whole counts are written out up to a million
 * @returns `–` for what is no finite number
 */
export function formatValue(value: number, unit: Unit, digits = USUAL_DIGITS): string {
  if (!Number.isFinite(value)) return '–';
  switch (unit) {
    case 'ms':
      return formatDuration(value, digits);
    case 'us':
      return formatDuration(value / 1000, digits);
    case 'bytes':
      return scaled(value, digits, [' B', ' kB', ' MB', ' GB', ' TB']);
    case 'count':
      return Number.isInteger(value) && Math.abs(value) < 1e6
        ? value.toLocaleString('en')
        : scaled(value, digits, ['', ' thousand', ' million', ' billion']);
    case 'per-second':
      return Math.abs(value) < 1e6
        ? `${rounded(value, digits).toLocaleString('en', { maximumSignificantDigits: digits })}/s`
        : scaled(value, digits, ['', '', ' million/s', ' billion/s']);
    case 'ratio':
      return `${rounded(value * 100, digits)} %`;
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
 * By how much the head differs from the base, with its interval: `+5.2 % (+3.1 % to +7.4 %)`, `-2 (-3 to 0)`.
 *
 * @param unit that of the metric
 */
export function formatEffect({ scale, value, interval }: EffectSize, unit: Unit): string {
  const signed = (figure: number) => {
    const text = scale === 'ratio' ? formatPercent(figure - 1) : formatValue(figure, unit);
    return (scale === 'ratio' ? figure > 1 : figure > 0) ? `+${text}` : text;
  };
  return interval ? `${signed(value)} (${signed(interval.low)} to ${signed(interval.high)})` : signed(value);
}

function digitsToSee(width: number, size: number): number {
  if (width <= 0 || size === 0) return USUAL_DIGITS;
  return Math.min(MOST_DIGITS, Math.max(USUAL_DIGITS, Math.ceil(Math.log10(size / width)) + 1));
}

function scaled(value: number, digits: number, units: readonly string[]): string {
  const thousands = Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3);
  const power = Math.min(units.length - 1, thousands);
  return `${rounded(value / 1000 ** power, digits)}${units[power]}`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** `224 ms` → `224` and ` ms`; what is more than a number and a unit (`1 min 5 s`) stays in one piece. */
function apart(text: string): readonly [number: string, rest: string] {
  const match = /^(-?[\d.,e+-]+)(\D*)$/.exec(text);
  return match ? [match[1] ?? '', match[2] ?? ''] : ['', text];
}
