import type { CpuTime } from '../parse/cgroup.ts';
import type { Switches } from '../parse/fields.ts';
import type { ResourceSeries } from '../../results/schema/trial.ts';

/** CPU time of a tree since its processes started; of user and system time only the ratio is used. */
export interface TreeCpu {
  /** From the processes; current only after a look at their threads. */
  readonly ledger: CpuTime;
  /** From the cgroup; null without a readable one. */
  readonly cgroup: CpuTime | null;
}

/** The tree's counters at the start or end of a measurement. */
export interface TreeReading {
  readonly cpu: TreeCpu;
  readonly switches: Switches;
}

/** Resource use between two readings, with the extremes of the samples between them. */
export function resourcesBetween(first: TreeReading, last: TreeReading, series: ResourceSeries) {
  const ledger = cpuBetween(first.cpu.ledger, last.cpu.ledger);
  const exact = first.cpu.cgroup && last.cpu.cgroup ? cpuBetween(first.cpu.cgroup, last.cpu.cgroup) : null;
  return {
    source: exact === null ? ('schedstat+ticks' as const) : ('cgroup' as const),
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

/** CPU time between two readings of one source. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  const cpuNs = Math.max(0, after.cpuNs - before.cpuNs);
  // Ticks of processes that nobody waited for are lost; no part may become negative.
  const user = Math.max(0, after.userNs - before.userNs);
  const system = Math.max(0, after.systemNs - before.systemNs);
  const userNs = Math.round(user + system === 0 ? cpuNs : (cpuNs * user) / (user + system));
  return { cpuNs, userNs, systemNs: cpuNs - userNs };
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
  /** Steal time of the machine since the sampler started, summed over CPUs; null where unreadable. */
  readonly stealMs: number | null;
}

/** An empty series of samples, by column. */
export function emptySeries() {
  return {
    atMs: [] as number[],
    cpuNs: [] as number[],
    rssBytes: [] as number[],
    threads: [] as number[],
    processes: [] as number[],
    stealMs: [] as (number | null)[],
  };
}

export function addSample(series: ReturnType<typeof emptySeries>, sample: Sample): void {
  series.atMs.push(sample.atMs);
  series.cpuNs.push(sample.cpuNs);
  series.rssBytes.push(sample.rssBytes);
  series.threads.push(sample.threads);
  series.processes.push(sample.processes);
  series.stealMs.push(sample.stealMs);
}
