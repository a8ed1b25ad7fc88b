/**
 * CPU time of a process tree from readings of its processes, without a cgroup. Pure: no files, no clock.
 *
 * Three facts of the kernel are combined (kernel/sched/cputime.c, kernel/exit.c, fs/proc/array.c):
 *
 * 1. `task/<tid>/schedstat` has the exact nanoseconds of each *live* thread;
 * 2. `stat`'s utime + stime has the whole process, *ended threads included*: the kernel keeps it in nanoseconds and
 *    rounds only when it prints, each of the two down to a tick. So it is less than two ticks too small, whatever
 *    the number of threads;
 * 3. `cutime + cstime` has, in the same way, all children that ended and *were waited for*, and theirs.
 *
 * Hence for a process    own = max(live threads + ended threads, ticks of the process)
 * where `ended` is what vanished threads had when last seen, raised whenever the ticks prove more, and
 *                     reaped = first reading + max(growth of the children's ticks, Σ vanished children that were seen)
 * so that a child that was watched and then waited for counts once, and one that lived between two readings counts
 * too. The sum never exceeds the truth (but where an ancestor adopts orphans, one that ended together with its parent
 * between two readings may count twice, with what it had when last seen), and falls short of it by less than two ticks for every process that lost
 * threads and two for every process that waited for children, plus what a process not waited for by a member did
 * after it was last seen.
 */

/** What was read of one process at one moment. Its `stat` must be read before its threads. */
export interface ProcessReading {
  readonly pid: number;
  readonly startTicks: number;
  readonly parentPid: number;
  /** utime + stime, in nanoseconds (a multiple of the tick). */
  readonly ticksNs: number;
  /** cutime + cstime, in nanoseconds (a multiple of the tick). */
  readonly childTicksNs: number;
  /** Nanoseconds on a CPU of each live thread, or undefined when they were not read this time. */
  readonly threadNs: ReadonlyMap<number, number> | undefined;
}

interface Account {
  readonly startTicks: number;
  readonly firstChildNs: number;
  parentPid: number;
  ownNs: number;
  endedThreadsNs: number;
  threadNs: ReadonlyMap<number, number>;
  childNs: number;
  vanishedChildrenNs: number;
}

/** Adds up readings; one ledger for one tree. What it costs grows with what changed, not with the tree. */
export class CpuLedger {
  readonly #accounts = new Map<number, Account>();
  /** What all accounts hold. */
  #liveNs = 0;
  /** Ended processes that no member of the tree has waited for. */
  #retiredNs = 0;
  #totalNs = 0;

  /**
   * Takes one reading of every process that has run, and the numbers of those that have ended, and returns the CPU
   * time of the tree since the birth of its processes, in nanoseconds. It never falls.
   * Parents must be read before their children, and children with their parents whenever the time of ended children
   * has grown anywhere: then a child that ends in between is not counted twice.
   */
  update(readings: Iterable<ProcessReading>, ended: Iterable<number> = []): number {
    this.#retire(ended);
    for (const reading of readings) this.#record(reading);
    this.#totalNs = Math.max(this.#totalNs, this.#retiredNs + this.#liveNs);
    return this.#totalNs;
  }

  #record(reading: ProcessReading): void {
    let account = this.#accounts.get(reading.pid);
    if (account !== undefined && account.startTicks !== reading.startTicks) {
      this.#retire([reading.pid]);
      account = undefined;
    }
    if (account === undefined) {
      account = {
        startTicks: reading.startTicks,
        firstChildNs: reading.childTicksNs,
        parentPid: reading.parentPid,
        ownNs: 0,
        endedThreadsNs: 0,
        threadNs: new Map(),
        childNs: reading.childTicksNs,
        vanishedChildrenNs: 0,
      };
      this.#accounts.set(reading.pid, account);
    } else {
      this.#liveNs -= usedNs(account);
    }
    account.parentPid = reading.parentPid;
    account.childNs = reading.childTicksNs;
    if (reading.threadNs !== undefined) recordThreads(account, reading.threadNs, reading.ticksNs);
    account.ownNs = Math.max(account.ownNs, reading.ticksNs);
    this.#liveNs += usedNs(account);
  }

  /** Moves what ended processes used to the parent that waited for them, children before their parents. */
  #retire(pids: Iterable<number>): void {
    const ended = new Map<number, Account>();
    for (const pid of pids) {
      const account = this.#accounts.get(pid);
      if (account !== undefined) ended.set(pid, account);
    }
    const settle = (pid: number, account: Account): void => {
      ended.delete(pid);
      for (const [childPid, child] of ended) if (child.parentPid === pid) settle(childPid, child);
      const ns = usedNs(account);
      this.#accounts.delete(pid);
      this.#liveNs -= ns;
      const parent = this.#accounts.get(account.parentPid);
      if (parent === undefined) {
        this.#retiredNs += ns;
        return;
      }
      this.#liveNs -= usedNs(parent);
      parent.vanishedChildrenNs += ns;
      this.#liveNs += usedNs(parent);
    };
    for (const [pid, account] of ended) if (ended.has(pid)) settle(pid, account);
  }
}

/** What a process used, and what its ended children did. */
function usedNs(account: Account): number {
  return account.ownNs + reapedNs(account);
}

function reapedNs(account: Account): number {
  return account.firstChildNs + Math.max(account.childNs - account.firstChildNs, account.vanishedChildrenNs);
}

function recordThreads(account: Account, threadNs: ReadonlyMap<number, number>, ticksNs: number): void {
  let liveNs = 0;
  for (const ns of threadNs.values()) liveNs += ns;
  for (const [tid, lastNs] of account.threadNs) {
    const ns = threadNs.get(tid);
    // Fewer nanoseconds than before: the number was given to a new thread.
    if (ns === undefined || ns < lastNs) account.endedThreadsNs += lastNs;
  }
  account.endedThreadsNs = Math.max(account.endedThreadsNs, ticksNs - liveNs);
  account.threadNs = threadNs;
  account.ownNs = Math.max(account.ownNs, liveNs + account.endedThreadsNs);
}
