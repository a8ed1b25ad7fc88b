import type { CpuCgroup } from './cgroup.ts';
import { CpuLedger } from './cpu-ledger.ts';
import { isUnreadable } from '../unreadable.ts';
import type { TreeTotals, TreeChange } from '../tree/tree-watch.ts';

/** CPU time of a tree since the births of its processes, by one source. */
export interface CpuReading {
  readonly cpuNs: number;
  /** Parts in user and system mode in a unit of their own: only their proportion counts. */
  readonly userPart: number;
  readonly systemPart: number;
}

export interface TreeCpu {
  /** From the processes; up to date only after a look at their threads. */
  readonly ledger: CpuReading;
  /** From the cgroup; null without one, or when it could not be read. */
  readonly cgroup: CpuReading | null;
}

/** Reads a tree's CPU time from its processes, and from its cgroup where it has one. */
export class TreeCpuMeter {
  readonly #ledger = new CpuLedger();
  readonly #tickNs: number;
  readonly #cgroup: CpuCgroup | undefined;

  constructor(tickNs: number, cgroup: CpuCgroup | undefined) {
    this.#tickNs = tickNs;
    this.#cgroup = cgroup;
  }

  /** @param change what the look just taken found; `totals` of the same look */
  read({ ran, ended }: TreeChange, { userTicks, systemTicks }: TreeTotals): TreeCpu {
    const readings = Array.from(ran, (process) => process.reading(this.#tickNs));
    const cpuNs = this.#ledger.update(readings, ended);
    const ledger = { cpuNs, userPart: userTicks, systemPart: systemTicks };
    const exact = this.#cgroup?.read();
    if (exact === undefined || isUnreadable(exact)) return { ledger, cgroup: null };
    return { ledger, cgroup: { cpuNs: exact.cpuNs, userPart: exact.userNs, systemPart: exact.systemNs } };
  }
}

/** What was used between two readings of one source. */
export function cpuBetween(
  before: CpuReading,
  after: CpuReading,
): { cpuNs: number; userNs: number; systemNs: number } {
  const cpuNs = Math.max(0, after.cpuNs - before.cpuNs);
  // Ticks of processes that ended without being waited for are gone: no part may become negative.
  const user = Math.max(0, after.userPart - before.userPart);
  const system = Math.max(0, after.systemPart - before.systemPart);
  const userNs = Math.round(user + system === 0 ? cpuNs : (cpuNs * user) / (user + system));
  return { cpuNs, userNs, systemNs: cpuNs - userNs };
}
