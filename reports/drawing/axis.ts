/** Ends, ticks and labels of an axis: what Vega is told, because left to itself it would choose badly. */
import { formatValue } from '../../harness/analysis/text/format.ts';
import { scale } from 'vega';
import type { AxisSpec, ScaleKind } from './spec.ts';
import type { ScaleType } from './painter.ts';
import { textWidth } from './text.ts';

/** Vega's scale: from a value to px. */
export interface VegaScale {
  (value: number): number;
  domain(ends: readonly number[]): VegaScale;
  range(ends: readonly number[]): VegaScale;
  ticks(count: number): number[];
}

export function vegaScale(type: ScaleType): VegaScale {
  return (scale(type) as () => VegaScale)();
}

/** An axis as it is drawn of certain values. */
export interface Axis {
  readonly spec: AxisSpec;
  readonly kind: ScaleKind;
  readonly type: ScaleType;
  /** Ends, in the values that Vega is given. */
  readonly domain: readonly [number, number];
}

/** The kind an axis is drawn with: as specified, linear where switched, symlog where a log axis would meet a zero. */
function scaleKindOf(axis: AxisSpec, values: readonly number[], linear: boolean): ScaleKind {
  if (linear && axis.switchable) return 'linear';
  return axis.scale === 'log' && values.some((value) => value <= 0) ? 'symlog' : axis.scale;
}

/** What Vega is given for a value: a share p on the percentile axis is one in 1 / (1 − p), on a log scale. */
export function givenFor(kind: ScaleKind, value: number): number {
  return kind === 'percentile' ? 1 / (1 - value) : value;
}

/** The value that Vega was given something for. */
function valueOf(kind: ScaleKind, given: number): number {
  return kind === 'percentile' ? 1 - 1 / given : given;
}

/** Nothing that is measured is smaller; between smaller ends d3 divides into ticks by a step that it rounds to zero. */
const SMALLEST = 1e-290;

/**
 * Ends of an axis around its values. A log axis ends a little beyond them (a decade-wide `nice` would leave a picture
 * of 2–200 half empty), a linear one begins at zero.
 */
export function domainOf(kind: ScaleKind, values: readonly number[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return kind === 'log' ? [1, 10] : [0, 1];
  switch (kind) {
    case 'linear':
      return [Math.min(0, low), high > SMALLEST ? high * 1.04 : low < -SMALLEST ? 0 : 1];
    case 'percentile':
      return [0, high];
    case 'symlog':
      return [low < 0 ? low * 1.2 : 0, Math.max(high * 1.3, 1)];
    case 'log': {
      // By logarithms: the ratio of the ends may be beyond the largest number.
      const span = Math.log10(high) - Math.log10(low);
      const padding = span === 0 ? 2 : Math.max(10 ** (span * 0.04), 1.02);
      return [Math.max(low / padding, SMALLEST), Math.min(Math.max(high * padding, SMALLEST * 10), 1e300)];
    }
  }
}

export function axisOf(spec: AxisSpec, values: readonly number[], linear: boolean): Axis {
  const kind = scaleKindOf(spec, values, linear);
  const [low, high] = spec.domain ?? domainOf(kind, values);
  return {
    spec,
    kind,
    type: kind === 'percentile' ? 'log' : kind,
    domain: [givenFor(kind, low), givenFor(kind, high)],
  };
}

/** The multiples of powers of ten in the domain by these factors, ascending. */
function multiplesIn(low: number, high: number, factors: readonly number[]): number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const value = Number((factor * 10 ** power).toPrecision(12));
      if (value >= low && value <= high) values.push(value);
    }
  }
  return values;
}

/**
 * Powers of ten in the domain; where there are few, with 2 and 5 times each, or with as many multiples as there is room
 * for; and below that as a linear axis.
 */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = multiplesIn(low, high, [1]);
  if (decades.length > count) return decades.filter((_, i) => i % Math.ceil(decades.length / count) === 0);
  const usual = multiplesIn(low, high, [1, 2, 5]);
  if (usual.length > count) return decades.length >= 2 ? decades : usual;
  if (usual.length >= 3) return usual;
  for (const factors of [
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
    [1, 1.5, 2, 3, 5, 7],
  ]) {
    const more = multiplesIn(low, high, factors);
    if (more.length >= 3 && more.length <= count) return more;
  }
  return usual.length >= 2 ? usual : vegaScale('linear').domain([low, high]).ticks(count);
}

/** About `count` ticks in the values that Vega is given, ascending. */
export function ticksOf({ spec, kind, domain: [low, high] }: Axis, count: number): readonly number[] {
  if (spec.ticks) return spec.ticks.filter((tick) => tick >= low && tick <= high);
  const linear = (from: number, to: number): number[] => vegaScale('linear').domain([from, to]).ticks(count);
  switch (kind) {
    case 'linear':
      return linear(low, high);
    case 'log':
      return logTicks(low, high, count);
    case 'symlog': {
      const positive =
        high > 1 ? logTicks(1, high, Math.max(2, count - 1)) : linear(0, high).filter((tick) => tick > 0);
      const negative = low < -1 ? logTicks(1, -low, 2).map((tick) => -tick) : [];
      return [...negative.reverse(), 0, ...positive];
    }
    case 'percentile':
      return [1, 2, 10, 100, 1e3, 1e4, 1e5].filter((tick) => tick >= low && tick <= high);
  }
}

/** What stands at a tick. */
export function tickLabel({ spec, kind }: Axis, tick: number): string {
  return formatValue(valueOf(kind, tick), spec.unit);
}

/** Ticks whose labels do not touch each other: the last and the first first, then whatever fits between, in order. */
export function spareTicks(axis: Axis, ticks: readonly number[], place: (value: number) => number): number[] {
  const taken: { from: number; to: number; tick: number }[] = [];
  for (const tick of [...ticks.slice(-1), ...ticks.slice(0, -1)]) {
    const half = textWidth(tickLabel(axis, tick), 11) / 2 + 5;
    const [from, to] = [place(tick) - half, place(tick) + half];
    if (taken.every((other) => to <= other.from || from >= other.to)) taken.push({ from, to, tick });
  }
  return taken.map(({ tick }) => tick).sort((a, b) => a - b);
}
