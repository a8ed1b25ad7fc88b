/**
 * The compact form in which the page carries points and details: a large report has tens of thousands of them. The
 * unpacking half runs in the page.
 */
import type { CellDetail, InsideTrial } from '../charts/detail.ts';
import type { ChartSpec, PointMark, PointSpec, SeriesSpec } from '../drawing/spec.ts';

/**
 * Only y where x is the axis's tick of the same position and there is nothing else to say; else x, y, then the mark, or
 * the ends of the interval, or the ends and the mark.
 */
export type PackedPoint = number | readonly (number | null)[];

/** Server, points, and what else there is of the series. */
type PackedSeries = readonly [
  server: number,
  points: readonly PackedPoint[],
  rest?: Omit<SeriesSpec, 'server' | 'points'>,
];

export interface PackedChart extends Omit<ChartSpec, 'series'> {
  readonly series: readonly PackedSeries[];
}

/**
 * The largest value of each column, and all columns as digits: how many a value has, then each value as a share of its
 * column's largest, `-` in their place for none. Columns: cores, memory, connections, throughput and, where some were
 * stolen, stolen cores.
 */
export type PackedInside = readonly [
  trial: number,
  elapsedMs: number,
  stealMs: number | null,
  largest: readonly number[],
  digits: string,
];

/** Count, first value of the tail and its steps (to base 36, a blank between), the inside. */
export type PackedDetail = readonly [count: number, steps: string, inside: PackedInside | null];

export function packChart(spec: ChartSpec): PackedChart {
  const pack = (point: PointSpec, i: number): PackedPoint => {
    const [x, y, low, high, mark] = point;
    if (low !== null || high !== null) return mark === 0 ? [x, y, low, high] : point;
    if (mark !== 0) return [x, y, mark];
    return y !== null && x === spec.x.ticks?.[i] ? y : [x, y];
  };
  return {
    ...spec,
    series: spec.series.map(({ server, points, ...rest }) => {
      const packed = points.map(pack);
      return Object.keys(rest).length > 0 ? [server, packed, rest] : [server, packed];
    }),
  };
}

export function unpackChart(packed: PackedChart): ChartSpec {
  const unpack = (point: PackedPoint, i: number): PointSpec => {
    if (typeof point === 'number') return [packed.x.ticks?.[i] ?? 0, point, null, null, 0];
    const [x, y, third = null, high = null, last = 0] = point;
    const marked = point.length === 3;
    const mark = (marked ? third : last) as PointMark;
    return [x ?? 0, y ?? null, marked ? null : third, high, mark];
  };
  return {
    ...packed,
    series: packed.series.map(([server, points, rest]) => ({ server, points: points.map(unpack), ...rest })),
  };
}

export function packDetail({ count, tail, inside }: CellDetail): PackedDetail {
  const steps = tail.map((value, i) => Math.round(value - (i === 0 ? 0 : Math.round(tail[i - 1] ?? 0))));
  return [count, steps.map((step) => step.toString(36)).join(' '), inside ? packInside(inside) : null];
}

/** Digits, from 0: printable ASCII but `"`, `-`, `<` and `\`, which mean something else where they stand. */
const DIGITS = "!#$%&'()*+,./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/** Columns of so few values come from a report so large that a value has one digit: it is drawn to a px or two. */
const COARSE = 21;

function packInside(inside: InsideTrial): PackedInside {
  const { trial, elapsedMs, stealMs, stolen, cores, rssBytes, established, perSecond } = inside;
  const columns = [cores, rssBytes, established, perSecond, ...(stolen.length > 0 ? [stolen] : [])];
  const length = cores.length > COARSE ? 2 : 1;
  const base = DIGITS.length;
  const largest = columns.map((values) =>
    values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0),
  );
  const digits = columns.flatMap((values, i) =>
    values.map((value) => {
      if (value === null) return '-'.repeat(length);
      const share = Math.round(((base ** length - 1) * value) / (largest[i] || 1));
      return (length > 1 ? DIGITS[Math.floor(share / base)] : '') + (DIGITS[share % base] ?? '');
    }),
  );
  return [trial, elapsedMs, stealMs, largest, length + digits.join('')];
}

export function unpackDetail(packed: PackedDetail | null): CellDetail | null {
  if (!packed) return null;
  const [count, steps, inside] = packed;
  let value = 0;
  const tail = steps === '' ? [] : steps.split(' ').map((step) => (value += parseInt(step, 36)));
  if (!inside) return { count, tail, inside: null };
  const [trial, elapsedMs, stealMs, largest, digits] = inside;
  const length = Number(digits[0]);
  const base = DIGITS.length;
  const each = (digits.length - 1) / largest.length / length;
  const column = (i: number): (number | null)[] =>
    Array.from({ length: largest[i] === undefined ? 0 : each }, (_, j) => {
      const at = 1 + (i * each + j) * length;
      let share = 0;
      for (const digit of digits.slice(at, at + length)) {
        if (digit === '-') return null;
        share = share * base + DIGITS.indexOf(digit);
      }
      return Number(((share * (largest[i] ?? 0)) / (base ** length - 1)).toPrecision(4));
    });
  return {
    count,
    tail,
    inside: {
      trial,
      elapsedMs,
      stealMs,
      cores: column(0),
      rssBytes: column(1),
      established: column(2),
      perSecond: column(3),
      stolen: column(4),
    },
  };
}
