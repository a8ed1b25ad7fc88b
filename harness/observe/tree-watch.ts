import { membersAmong } from './membership.ts';
import { parseLoadAverage } from './parse/machine.ts';
import type { ProcessStat } from './parse/stat.ts';
import type { ProcFs, ProcHandle } from './proc-fs.ts';
import { joins, readStat } from './tree.ts';
import { isUnreadable, valueOf, type Membership } from './types.ts';
import { WatchedProcess } from './watched-process.ts';

const line = Buffer.allocUnsafe(4096);

/**
 * Follows a tree's membership from look to look without reading the whole of /proc each time: the kernel tells the
 * newest process number in /proc/loadavg, and while that is unchanged nothing has been started anywhere.
 */
export class TreeWatch implements Disposable {
  /** Members by pid, parents before their children. */
  readonly processes = new Map<number, WatchedProcess>();
  readonly #proc: ProcFs;
  readonly #rootPid: number;
  readonly #membership: Membership;
  readonly #loadavg: ProcHandle | undefined;
  /** Processes that do not belong: nobody joins a tree later, so that each is examined once. */
  readonly #strangers = new Set<number>();
  #lastPid = -1;
  /** A member ended: its number may already belong to another member. */
  #memberEnded = false;

  constructor(proc: ProcFs, rootPid: number, membership: Membership) {
    this.#proc = proc;
    this.#rootPid = rootPid;
    this.#membership = membership;
    this.#loadavg = proc.open('loadavg');
  }

  /** Finds new members, reads all, and lets those go that have ended. */
  look(threads: boolean): void {
    const started = this.#somethingStarted();
    if (started || this.#memberEnded) this.#discover();
    this.#memberEnded = false;
    for (const process of this.processes.values()) {
      if (process.look({ threads, started })) continue;
      process[Symbol.dispose]();
      this.processes.delete(process.pid);
      this.#memberEnded = true;
    }
  }

  #somethingStarted(): boolean {
    const bytes = this.#loadavg?.read(line) ?? this.#proc.read('loadavg');
    const average = isUnreadable(bytes) ? bytes : parseLoadAverage(bytes);
    const lastPid = isUnreadable(average) ? undefined : average.lastPid;
    const started = lastPid === undefined || lastPid !== this.#lastPid;
    // Numbers are given out in a circle: after a full turn a stranger's number may be one of ours.
    if (lastPid === undefined || lastPid < this.#lastPid) this.#strangers.clear();
    this.#lastPid = lastPid ?? -1;
    return started;
  }

  #discover(): void {
    const unknown: ProcessStat[] = [];
    for (const pid of valueOf(this.#proc.numbers('.')) ?? []) {
      if (this.#strangers.has(pid) || this.processes.has(pid)) continue;
      const stat = readStat(this.#proc, pid);
      if (stat !== undefined) unknown.push(stat);
    }
    const members = membersAmong(
      unknown,
      (pid) => this.processes.has(pid),
      (candidate) => candidate.pid === this.#rootPid || joins(this.#proc, candidate, this.#membership),
    );
    for (const stat of unknown.sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)) {
      if (members.has(stat.pid)) this.processes.set(stat.pid, new WatchedProcess(this.#proc, stat));
      else this.#strangers.add(stat.pid);
    }
  }

  [Symbol.dispose](): void {
    this.#loadavg?.[Symbol.dispose]();
    for (const process of this.processes.values()) process[Symbol.dispose]();
    this.processes.clear();
  }
}
