import type { ResourceSeries } from '../../results/schema/observation.ts';
import type { Sample } from '../types.ts';

/** Collects samples by column. */
export class SeriesBuilder {
  readonly #columns = {
    atMs: [] as number[],
    cpuNs: [] as number[],
    rssBytes: [] as number[],
    threads: [] as number[],
    processes: [] as number[],
    stealMs: [] as (number | null)[],
  };

  add(sample: Sample): void {
    this.#columns.atMs.push(sample.atMs);
    this.#columns.cpuNs.push(sample.cpuNs);
    this.#columns.rssBytes.push(sample.rssBytes);
    this.#columns.threads.push(sample.threads);
    this.#columns.processes.push(sample.processes);
    this.#columns.stealMs.push(sample.stealMs);
  }

  get length(): number {
    return this.#columns.atMs.length;
  }

  /** What was collected so far; the arrays go on growing. */
  get series(): ResourceSeries {
    return this.#columns;
  }
}

/**
 * CPU time used between two moments of a series, in nanoseconds, interpolated linearly between samples. Take a
 * sample at both ends (`TreeSampler.sample`) where it must be exact.
 */
export function cpuNsBetween(series: ResourceSeries, fromMs: number, toMs: number): number {
  return cpuNsAt(series, toMs) - cpuNsAt(series, fromMs);
}

function cpuNsAt({ atMs, cpuNs }: ResourceSeries, ms: number): number {
  const next = atMs.findIndex((at) => at >= ms);
  if (next < 0) return cpuNs.at(-1) ?? 0;
  const rightMs = atMs[next] ?? 0;
  const rightNs = cpuNs[next] ?? 0;
  const leftMs = atMs[next - 1] ?? rightMs;
  const leftNs = cpuNs[next - 1] ?? rightNs;
  return rightMs === leftMs ? rightNs : leftNs + ((rightNs - leftNs) * (ms - leftMs)) / (rightMs - leftMs);
}
