/**
 * One cell in detail: its percentile curve and what happened inside one of its trials. Runs in the page as well, where
 * the reader chooses the cell.
 */
import { formatValue } from '../../harness/analysis/text/format.ts';
import type { AxisSpec, ChartSpec, PointSpec, SeriesSpec, ShadeSpec } from '../drawing/spec.ts';
import { visible } from '../../harness/analysis/text/visible.ts';

/** What is kept of a cell, compact: the page carries every one. */
export interface CellDetail {
  /** Exchanges in the cell's merged latency histogram. */
  readonly count: number;
  /** Latency in µs at shares that are evenly spaced on the percentile axis, from 0 to 1 − 1/count. */
  readonly tail: readonly number[];
  /** The trial with the median elapsed time, at equal steps over its load; null where it recorded nothing. */
  readonly inside: InsideTrial | null;
}

export interface InsideTrial {
  /** Position in the run, from 0. */
  readonly trial: number;
  readonly elapsedMs: number;
  /** Cores used in the step that ends there. */
  readonly cores: readonly (number | null)[];
  readonly rssBytes: readonly (number | null)[];
  readonly established: readonly (number | null)[];
  /** Exchanges a second in the step that ends there. */
  readonly perSecond: readonly (number | null)[];
  /** CPU time that other machines took from this one during the trial, in ms; null where the kernel does not say. */
  readonly stealMs: number | null;
  /** Cores that they took in the step that ends there; empty where none was taken, or where it was not sampled. */
  readonly stolen: readonly (number | null)[];
}

/** The share of exchanges that point `i` of `n` on a percentile curve over `count` exchanges stands for. */
export function shareAt(i: number, n: number, count: number): number {
  return n < 2 ? 0 : 1 - count ** (-i / (n - 1));
}

/** Percentile curves of all servers at one number of clients. */
export function percentileSpec(details: readonly (CellDetail | null)[], height: number): ChartSpec {
  const series: SeriesSpec[] = details.flatMap((detail, server) => {
    if (!detail || detail.tail.length === 0) return [];
    const points = detail.tail.map((us, i): PointSpec => [
      shareAt(i, detail.tail.length, detail.count),
      us,
      null,
      null,
      0,
    ]);
    return [{ server, points }];
  });
  return {
    x: { title: 'percentile of exchanges', unit: 'share', scale: 'percentile' },
    y: { title: 'Latency', unit: 'us', scale: 'log', switchable: true },
    series,
    references: [],
    kind: 'curve',
    labels: true,
    height,
  };
}

/** Where other machines took CPU time: steps of the same weight, to a tenth of a core, are one stretch. */
export function stolenShades({ stolen, elapsedMs }: InsideTrial): ShadeSpec[] {
  const shades: ShadeSpec[] = [];
  const stepMs = elapsedMs / Math.max(1, stolen.length - 1);
  stolen.forEach((cores, i) => {
    // Less than a hundredth of a core is nothing that one would see in the lines.
    const weight = cores === null || cores < 0.01 ? 0 : Math.min(1, Math.ceil(cores * 10) / 10);
    if (i === 0 || weight === 0) return;
    const last = shades.at(-1);
    const adjoins = last !== undefined && last[2] === weight && last[1] === (i - 1) * stepMs;
    if (adjoins) shades[shades.length - 1] = [last[0], i * stepMs, weight];
    else shades.push([(i - 1) * stepMs, i * stepMs, weight]);
  });
  return shades;
}

/** The four charts over time of one trial. */
export function insideSpecs(server: number, inside: InsideTrial, height: number): ChartSpec[] {
  const x: AxisSpec = {
    title: 'time since the start',
    unit: 'ms',
    scale: 'linear',
    domain: [0, inside.elapsedMs],
  };
  const shades = stolenShades(inside);
  const over = (title: string, unit: AxisSpec['unit'], values: readonly (number | null)[]): ChartSpec => {
    const points = values.flatMap((value, i): PointSpec[] =>
      value === null ? [] : [[(inside.elapsedMs * i) / Math.max(1, values.length - 1), value, null, null, 0]],
    );
    return {
      x,
      y: { title, unit, scale: 'linear' },
      series: [{ server, points }],
      references: [],
      shades,
      kind: 'curve',
      height,
    };
  };
  return [
    over('Throughput', 'per-second', inside.perSecond),
    over('Connections', 'count', inside.established),
    over('CPU of the server, cores', 'count', inside.cores),
    over('Memory (RSS)', 'bytes', inside.rssBytes),
  ];
}

/** One line about the trial that is shown. */
export function insideLine(server: string, clients: number, inside: InsideTrial): string {
  const steal =
    inside.stealMs === null
      ? 'the kernel does not tell steal'
      : `steal ${formatValue(inside.stealMs, 'ms')} (${formatValue(inside.stealMs / inside.elapsedMs, 'ratio')} of one core${stolenShades(inside).length > 0 ? ', where it is shaded' : ''})`;
  return `${visible(server)} with ${formatValue(clients, 'count')} clients: trial ${inside.trial + 1} of the run, ${formatValue(inside.elapsedMs, 'ms')}, ${steal}`;
}
