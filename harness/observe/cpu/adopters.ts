/**
 * CPU time of processes that left the tree of a server for good: children of children that ended, in a session of their own.
 * Whoever adopts such an orphan waits for it, and its `cutime + cstime` then hold what it used. Only a process of which this
 * one descends can be the adopter: process 1 or the nearest that declared itself one (PR_SET_CHILD_SUBREAPER(2const)).
 * Their children may be other people's too, so that the growth is an upper bound.
 */
import type { ProcFs } from '../proc-fs.ts';
import { readStat } from '../tree/tree.ts';

export class Adopters {
  readonly #proc: ProcFs;
  /** Ticks of waited-for children at the start, by pid. */
  readonly #before: ReadonlyMap<number, number>;

  /** @param pid the process whose ancestors may adopt; it waits for the server itself, and is no adopter */
  constructor(proc: ProcFs, pid: number) {
    this.#proc = proc;
    const before = new Map<number, number>();
    for (let next = readStat(proc, pid)?.parentPid; next !== undefined && next > 0 && !before.has(next);) {
      const stat = readStat(proc, next);
      if (stat !== undefined) before.set(next, stat.childUserTicks + stat.childSystemTicks);
      next = stat?.parentPid;
    }
    this.#before = before;
  }

  /** Ticks that children of the adopters used, those that were waited for since this was made. */
  ticks(): number {
    let sum = 0;
    for (const [pid, before] of this.#before) {
      const stat = readStat(this.#proc, pid);
      if (stat !== undefined) sum += Math.max(0, stat.childUserTicks + stat.childSystemTicks - before);
    }
    return sum;
  }
}
