import type { Switches } from '../parse/fields.ts';
import { cpuBetween, type TreeCpu } from '../cpu/tree-cpu.ts';
import type { ResourceSeries, ResourceUse } from '../../results/schema/trial.ts';

/** What is read of the whole tree at the start and at the end of a measurement. */
export interface TreeReading {
  readonly cpu: TreeCpu;
  readonly switches: Switches;
}

/** What was used between two readings, with the extremes of the samples between them. */
export function resourcesBetween(
  first: TreeReading,
  last: TreeReading,
  series: ResourceSeries,
): Omit<
  ResourceUse,
  'holdRssBytes' | 'holdPssBytes' | 'peakFds' | 'periodMs' | 'samplerCpuNs' | 'unreadable'
> {
  const ledger = cpuBetween(first.cpu.ledger, last.cpu.ledger);
  const exact = first.cpu.cgroup && last.cpu.cgroup ? cpuBetween(first.cpu.cgroup, last.cpu.cgroup) : null;
  return {
    source: exact === null ? 'schedstat+ticks' : 'cgroup',
    ...(exact ?? ledger),
    cpuCrossCheckNs: exact === null ? null : ledger.cpuNs,
    voluntarySwitches: last.switches.voluntary - first.switches.voluntary,
    involuntarySwitches: last.switches.involuntary - first.switches.involuntary,
    baselineRssBytes: series.rssBytes[0] ?? 0,
    peakRssBytes: highest(series.rssBytes),
    peakThreads: highest(series.threads),
    peakProcesses: highest(series.processes),
    samples: series.atMs.length,
  };
}

function highest(figures: readonly number[]): number {
  return figures.reduce((peak, figure) => Math.max(peak, figure), 0);
}

/** The state of the whole tree at one moment. */
export interface Sample {
  /** Milliseconds since the sampler started. */
  readonly atMs: number;
  /** CPU time used since the sampler started, in nanoseconds, ended processes and threads included. */
  readonly cpuNs: number;
  /** Sum of the resident sets, in bytes: a page shared by two processes counts twice. */
  readonly rssBytes: number;
  readonly threads: number;
  readonly processes: number;
  /** Time that the hypervisor took from the whole machine since the sampler started, summed over CPUs; null where unread. */
  readonly stealMs: number | null;
}

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
