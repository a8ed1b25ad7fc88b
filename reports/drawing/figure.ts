/**
 * Figures for people: three significant digits, the unit chosen by size.
 *
 * Like most of this folder these run in the page as well (see html/script.ts): they refer to nothing but
 * parameters, built-ins and functions of this folder and of page/.
 */
import type { Unit } from '../../harness/results/schema/metric.ts';

/** What stands where there is no figure. */
export function noFigure(): string {
  return '–';
}

/** A plain number: whole ones exactly and grouped, others with three significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return noFigure();
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(3));
  const [whole = '0', fraction] = Math.abs(rounded)
    .toFixed(12)
    .replace(/\.?0+$/, '')
    .split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return (rounded < 0 ? '−' : '') + grouped + (fraction ? `.${fraction}` : '');
}

/** `value` divided down to the largest unit that keeps it at 1 or above. `units` is ascending: [size, name]. */
export function formatInUnits(value: number, units: readonly (readonly [number, string])[]): string {
  const size = Math.abs(Number(value.toPrecision(3)));
  let chosen = units[0] ?? [1, ''];
  for (const unit of units) if (size >= unit[0]) chosen = unit;
  return `${formatNumber(Number((value / chosen[0]).toPrecision(3)))} ${chosen[1]}`;
}

/** A duration given in ms: `850 µs`, `20 ms`, `1.5 s`, `2 min 5 s`. */
export function formatMilliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return noFigure();
  if (ms === 0) return '0 ms';
  if (Math.abs(ms) < 0.001) {
    return formatInUnits(ms * 1e6, [[1, 'ns']]);
  }
  if (Math.abs(ms) < 119_500) {
    return formatInUnits(ms, [
      [0.001, 'µs'],
      [1, 'ms'],
      [1000, 's'],
    ]);
  }
  const seconds = Math.round(Math.abs(ms) / 1000);
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ].filter(([count]) => count !== 0);
  return (ms < 0 ? '−' : '') + parts.map((part) => part.join(' ')).join(' ');
}

/** A figure in the unit of its metric; `–` for what is missing or not a number. */
export function formatFigure(value: number | null | undefined, unit: Unit | 'share'): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return noFigure();
  switch (unit) {
    case 'ms':
      return formatMilliseconds(value);
    case 'us':
      return formatMilliseconds(value / 1000);
    case 'bytes':
      return formatInUnits(value, [
        [1, 'B'],
        [1e3, 'kB'],
        [1e6, 'MB'],
        [1e9, 'GB'],
      ]);
    case 'per-second':
      return Math.abs(value) < 99_950
        ? `${formatNumber(Number(value.toPrecision(3)))} /s`
        : `${formatInUnits(value, [
            [1e3, 'k'],
            [1e6, 'M'],
          ])}/s`;
    case 'ratio':
      return `${formatNumber(value * 100)} %`;
    case 'share':
      // 99.99 % is not 100 %: as many digits as it takes, without the noise of the last bits.
      return `${Number((value * 100).toPrecision(9))} %`;
    case 'count':
      return formatNumber(value);
  }
}

/** An effect for people: `+5.2 %` for a ratio, `−3 ms` for a difference (of shares in points), without a sign for none. */
export function formatChange(
  size: { readonly scale: 'ratio' | 'difference'; readonly value: number },
  unit: Unit,
): string {
  const share = size.scale === 'ratio' || unit === 'ratio';
  const change = share ? 100 * (size.scale === 'ratio' ? size.value - 1 : size.value) : size.value;
  if (!Number.isFinite(change)) return noFigure();
  const shown = share
    ? `${formatNumber(Number(change.toFixed(1)))} ${size.scale === 'ratio' ? '%' : 'points'}`
    : formatFigure(change, unit);
  return change > 0 && !shown.startsWith('0 ') ? `+${shown}` : shown;
}
