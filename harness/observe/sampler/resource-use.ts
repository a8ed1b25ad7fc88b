import type { Switches } from '../parse/fields.ts';
import { cpuBetween, type TreeCpu } from '../cpu/tree-cpu.ts';
import type { ResourceSeries, ResourceUse } from '../../results/schema/observation.ts';

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
