/** Details of single cells: merged latency distribution, and the inside of the trial in the middle. */
import * as hdr from 'hdr-histogram-js';
import type { Cell } from '../../harness/results/schema/summary.ts';
import type { CompletedTrial } from '../../harness/results/schema/trial.ts';
import type { CellDetail, InsideTrial } from '../charts/detail.ts';
import type { ScenarioScope } from './scope.ts';
import { shareAt } from '../charts/detail.ts';

/** Points of a curve in a page of so many cells: fine in a small report, so that a large one stays a page one can send. */
export function resolutionFor(cells: number): { readonly tail: number; readonly inside: number } {
  if (cells <= 120) return { tail: 60, inside: 60 };
  return cells <= 600 ? { tail: 40, inside: 30 } : { tail: 20, inside: 10 };
}

/** The detail of one cell, or null where no completed trial left anything to show. */
export function detailOf(
  cell: Cell,
  scope: ScenarioScope,
  points: ReturnType<typeof resolutionFor>,
): CellDetail | null {
  const completed = scope.trialsOf(cell).filter((trial) => trial.status === 'completed');
  const middle = completed.toSorted((a, b) => a.load.elapsedMs - b.load.elapsedMs)[
    Math.floor((completed.length - 1) / 2)
  ];
  if (!middle) return null;
  const { count, tail } = mergedTail(completed, points.tail);
  const inside = insideOf(middle, points.inside);
  return tail.length > 0 || inside ? { count, tail, inside } : null;
}

/**
 * Latency in µs at evenly spaced places of the percentile axis, over all trials of a cell: histograms are merged,
 * percentiles never. One that cannot be decoded is left out.
 */
export function mergedTail(
  trials: readonly CompletedTrial[],
  points: number,
): { readonly count: number; readonly tail: readonly number[] } {
  let merged: hdr.Histogram | undefined;
  for (const trial of trials) {
    const encoded = trial.load.histograms['latency']?.encoded;
    const histogram = encoded ? decode(encoded) : undefined;
    if (!histogram) continue;
    if (merged) merged.add(histogram);
    else {
      merged = histogram;
      // Generators size their histograms by what they met.
      merged.autoResize = true;
    }
  }
  const count = merged?.totalCount ?? 0;
  if (!merged || count === 0) return { count: 0, tail: [] };
  const n = Math.max(1, Math.min(points, count));
  const tail = Array.from({ length: n }, (_, i) => {
    // The last point is the slowest exchange of all: its share cannot be drawn nearer to 1 than one in all of them.
    const value = merged.getValueAtPercentile(i === n - 1 ? 100 : 100 * shareAt(i, n, count));
    return Number(value.toPrecision(3));
  });
  return { count, tail };
}

function decode(encoded: string): hdr.Histogram | undefined {
  try {
    return hdr.decodeFromCompressedBase64(encoded, 32, false);
  } catch {
    // A damaged histogram costs its curve, not the report; the percentiles beside it were stored as figures.
    return undefined;
  }
}

/** What happened inside a trial, at equal steps of its load. */
export function insideOf(trial: CompletedTrial, points: number): InsideTrial | null {
  const { load, series, kernel } = trial;
  if (!(load.elapsedMs > 0) || (load.timeline.atMs.length < 2 && series.atMs.length < 2)) return null;
  const steps = Array.from({ length: points + 1 }, (_, i) => (load.elapsedMs * i) / points);
  const stepMs = load.elapsedMs / points;
  const rate = (atMs: readonly number[], total: readonly number[], perMs: number): (number | null)[] => {
    const at = steps.map((step) => interpolate(atMs, total, step));
    return at.map((value, i) => {
      const before = at[i - 1];
      if (i === 0 || value === null || before === null || before === undefined) return null;
      return round(Math.max(0, value - before) / (stepMs * perMs));
    });
  };
  const level = (atMs: readonly number[], values: readonly number[]): (number | null)[] =>
    steps.map((step) => {
      const value = interpolate(atMs, values, step);
      return value === null ? null : round(value);
    });
  return {
    trial: trial.trial.index,
    elapsedMs: round(load.elapsedMs),
    cores: rate(series.atMs, series.cpuNs, 1e6),
    rssBytes: level(series.atMs, series.rssBytes),
    established: level(load.timeline.atMs, load.timeline.established),
    perSecond: rate(load.timeline.atMs, load.timeline.completed, 1e-3),
    stealMs: kernel.stealMs,
    stolen: stolenOf(series, rate),
  };
}

/** Cores that other machines took at each step; empty where they took none, or where it is not known. */
function stolenOf(
  { atMs, stealMs = [] }: CompletedTrial['series'],
  rate: (atMs: readonly number[], total: readonly number[], perMs: number) => (number | null)[],
): (number | null)[] {
  const known = stealMs.flatMap((total, i) => (total === null ? [] : [[atMs[i] ?? 0, total] as const]));
  if ((known.at(-1)?.[1] ?? 0) <= (known[0]?.[1] ?? 0)) return [];
  return rate(
    known.map(([at]) => at),
    known.map(([, total]) => total),
    1,
  );
}

/** Linear interpolation; null outside what was sampled. */
export function interpolate(atMs: readonly number[], values: readonly number[], time: number): number | null {
  let low = 0;
  let high = atMs.length - 1;
  const [first, last] = [atMs[0], atMs[high]];
  if (first === undefined || last === undefined || time < first - 1e-9 || time > last + 1e-9) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((atMs[middle] ?? 0) <= time) low = middle;
    else high = middle;
  }
  const [t0 = 0, t1 = 0, v0, v1] = [atMs[low], atMs[high], values[low], values[high]];
  if (v0 === undefined || v1 === undefined) return null;
  return t1 > t0 ? v0 + ((v1 - v0) * (time - t0)) / (t1 - t0) : v0;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
