/**
 * The compact form in which the page carries points and details: a large report has tens of thousands of them. The
 * unpacking half runs in the page.
 */
import type { CellDetail, InsideTrial } from './detail.ts';
import type { ChartSpec, PointSpec, SeriesSpec } from './spec.ts';

/** A point without a mark of 0, and before that without an interval of nulls, at its end; only its y where its x is the axis's tick of the same position. */
export type PackedPoint = number | readonly (number | null)[];

export interface PackedChart extends Omit<ChartSpec, 'series'> {
  readonly series: readonly (Omit<SeriesSpec, 'points'> & { readonly points: readonly PackedPoint[] })[];
}

/** A column over time: its largest value, and each value as a share of it, two base-36 digits each, `--` for none. */
type PackedColumn = readonly [largest: number, shares: string];

/** Columns: cores, memory, connections, throughput and, where some were, stolen cores. */
export type PackedInside = readonly [
  trial: number,
  elapsedMs: number,
  stealMs: number | null,
  ...columns: PackedColumn[],
];

/** Count, first value of the tail and its steps, the inside. */
export type PackedDetail = readonly [count: number, steps: readonly number[], inside: PackedInside | null];

export function packChart(spec: ChartSpec): PackedChart {
  const pack = (point: PointSpec, i: number): PackedPoint => {
    const [x, y, low, high, mark] = point;
    if (mark !== 0) return point;
    if (low !== null || high !== null) return [x, y, low, high];
    return y !== null && x === spec.x.ticks?.[i] ? y : [x, y];
  };
  return { ...spec, series: spec.series.map((one) => ({ ...one, points: one.points.map(pack) })) };
}

export function unpackChart(packed: PackedChart): ChartSpec {
  const unpack = (point: PackedPoint, i: number): PointSpec => {
    if (typeof point === 'number') return [packed.x.ticks?.[i] ?? 0, point, null, null, 0];
    const [x, y, low = null, high = null, mark] = point;
    return [x ?? 0, y ?? null, low, high, mark === 1 || mark === 2 ? mark : 0];
  };
  return { ...packed, series: packed.series.map((one) => ({ ...one, points: one.points.map(unpack) })) };
}

export function packDetail({ count, tail, inside }: CellDetail): PackedDetail {
  const steps = tail.map((value, i) => Math.round(value - (i === 0 ? 0 : Math.round(tail[i - 1] ?? 0))));
  return [count, steps, inside ? packInside(inside) : null];
}

function packInside({
  trial,
  elapsedMs,
  stealMs,
  stolen,
  cores,
  rssBytes,
  established,
  perSecond,
}: InsideTrial): PackedInside {
  const last = stolen.length > 0 ? [stolen] : [];
  const columns = [cores, rssBytes, established, perSecond, ...last].map((values): PackedColumn => {
    const largest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
    const digits = values.map((value) =>
      value === null
        ? '--'
        : Math.round((1295 * value) / (largest || 1))
            .toString(36)
            .padStart(2, '0'),
    );
    return [largest, digits.join('')];
  });
  return [trial, elapsedMs, stealMs, ...columns];
}

export function unpackDetail(packed: PackedDetail | null): CellDetail | null {
  if (!packed) return null;
  const [count, steps, inside] = packed;
  let value = 0;
  const tail = steps.map((step) => (value += step));
  if (!inside) return { count, tail, inside: null };
  const [trial, elapsedMs, stealMs, ...columns] = inside;
  const [cores = [], rssBytes = [], established = [], perSecond = [], stolen = []] = columns.map(
    ([largest, shares]) =>
      (shares.match(/../g) ?? []).map((digits) =>
        digits === '--' ? null : Number(((parseInt(digits, 36) * largest) / 1295).toPrecision(4)),
      ),
  );
  return {
    count,
    tail,
    inside: { trial, elapsedMs, stealMs, stolen, cores, rssBytes, established, perSecond },
  };
}
