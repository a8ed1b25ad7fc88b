/** What else runs on this machine: CPU time over a short look, by process. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readKernelUnits } from '../observe/machine/kernel-units.ts';
import { parseMachineStat, type CpuTicks } from '../observe/parse/machine.ts';
import { ProcFs } from '../observe/proc-fs.ts';
import { readStat } from '../observe/tree/tree.ts';
import { valueOf } from '../observe/unreadable.ts';

export interface Activity {
  /** CPUs' worth of time that others than this process used; null where it could not be read. */
  readonly foreignCpus: number | null;
  /** Share of all CPU time in which the hypervisor ran something else; null where it could not be read. */
  readonly stealShare: number | null;
  /** The processes that used most, at least 1 % of a CPU, the busiest first. */
  readonly busiest: readonly { readonly pid: number; readonly name: string; readonly cpus: number }[];
}

const MOST = 3;
const LEAST_CPUS = 0.01;

interface Reading {
  readonly atMs: number;
  readonly machine: CpuTicks | undefined;
  readonly cpus: number;
  /** CPU ticks of each process, by pid and start, so that a number that is used again is another process. */
  readonly processes: ReadonlyMap<
    string,
    { readonly pid: number; readonly name: string; readonly ticks: number }
  >;
}

/** Looks twice, so long apart. Times count in ticks (10 ms), so that less than half a second says little. */
export async function observeActivity(
  lookMs: number,
  signal: AbortSignal,
  proc = new ProcFs(),
): Promise<Activity> {
  const before = read(proc);
  await sleep(lookMs, undefined, { signal });
  const after = read(proc);
  const { tickNs } = readKernelUnits();
  const cpusOf = (ticks: number): number => (ticks * tickNs) / 1e6 / (after.atMs - before.atMs);

  const used = [...after.processes].map(([key, { pid, name, ticks }]) => ({
    pid,
    name,
    cpus: cpusOf(ticks - (before.processes.get(key)?.ticks ?? 0)),
  }));
  const own = used.find(({ pid }) => pid === process.pid)?.cpus ?? 0;
  const grown = (field: keyof CpuTicks): number | null =>
    before.machine && after.machine ? cpusOf(after.machine[field] - before.machine[field]) : null;
  const [busy, steal] = [grown('busy'), grown('steal')];
  return {
    foreignCpus: busy === null ? null : Math.max(0, busy - own),
    stealShare: steal === null ? null : Math.max(0, steal) / Math.max(1, after.cpus),
    busiest: used
      .filter(({ pid, cpus }) => pid !== process.pid && cpus >= LEAST_CPUS)
      .toSorted((a, b) => b.cpus - a.cpus)
      .slice(0, MOST),
  };
}

function read(proc: ProcFs): Reading {
  const machine = valueOf(proc.parse('stat', parseMachineStat));
  const atMs = performance.now();
  const processes = (valueOf(proc.numbers('.')) ?? []).flatMap((pid) => {
    const stat = readStat(proc, pid);
    if (!stat) return [];
    const { name, startTicks, userTicks, systemTicks } = stat;
    return [[`${pid}/${startTicks}`, { pid, name, ticks: userTicks + systemTicks }] as const];
  });
  return { atMs, machine: machine?.total, cpus: machine?.cpus.size ?? 0, processes: new Map(processes) };
}
