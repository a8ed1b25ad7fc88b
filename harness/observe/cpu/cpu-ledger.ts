/**
 * Computes the CPU time of a process tree from readings of its processes, without a cgroup. Pure: no files, no clock.
 *
 * It combines three facts of the kernel (kernel/sched/cputime.c, kernel/exit.c, fs/proc/array.c):
 *
 * 1. `task/<tid>/schedstat` gives the exact nanoseconds of each *live* thread;
 * 2. utime + stime in `stat` cover the whole process, *ended threads included*. The kernel keeps nanoseconds and rounds
 *    each down to a tick when it prints, so the sum is less than two ticks short for any number of threads;
 * 3. `cutime + cstime` likewise cover all children that ended and *were waited for*, and their children.
 *
 * For each process:   own = max(live threads + ended threads, ticks of the process)
 *                     reaped = first reading + max(growth of the children's ticks, Σ vanished children that were seen)
 *
 * `ended threads` is the last reading of vanished threads, raised when the ticks prove more. A child that was watched
 * and then waited for counts once; a child that lived between two readings counts too.
 *
 * The sum never exceeds the truth, with one exception: where an ancestor adopts orphans, an orphan that ended together
 * with its parent between two readings may count twice, at its last reading. The sum falls short by less than two ticks
 * for each process that lost threads, two for each that waited for children, and by what a process that no member
 * waited for did after its last reading.
 */

/** One reading of a process; `stat` must be read before the threads. */
export interface ProcessReading {
  readonly pid: number;
  readonly startTicks: number;
  readonly parentPid: number;
  /** utime + stime, in nanoseconds (a multiple of the tick). */
  readonly ticksNs: number;
  /** cutime + cstime, in nanoseconds (a multiple of the tick). */
  readonly childTicksNs: number;
  /** Page faults of those children: whether there were any, however few ticks they used. */
  readonly childFaults: number;
  /** Nanoseconds on a CPU of each live thread; undefined when not read this time. */
  readonly threadNs: ReadonlyMap<number, number> | undefined;
}

interface Account {
  readonly startTicks: number;
  readonly firstChildNs: number;
  readonly firstChildFaults: number;
  /** It has waited for children since it was first read, or before where it is younger than the ledger. */
  waited: boolean;
  /** A thread of it has ended. */
  lostThreads: boolean;
  ticksNs: number;
  parentPid: number;
  ownNs: number;
  endedThreadsNs: number;
  threadNs: ReadonlyMap<number, number>;
  childNs: number;
  vanishedChildrenNs: number;
}

/** Adds up the readings of one tree. Its cost grows with the changes, not with the size of the tree. */
export class CpuLedger {
  readonly #accounts = new Map<number, Account>();
  /** Sum of all accounts. */
  #liveNs = 0;
  /** CPU time of ended processes that no member of the tree has waited for. */
  #retiredNs = 0;
  #totalNs = 0;
  #updates = 0;

  /** CPU time of ended processes that no member has waited for, as of their last readings: an adopter's children by then. */
  get retiredNs(): number {
    return this.#retiredNs;
  }

  /**
   * Takes readings of the processes that have run and the pids of those that have ended. Returns the CPU time of the
   * tree since its processes started, in nanoseconds; it never falls.
   * Read parents before their children, and the whole tree whenever a process's time of ended children has grown;
   * otherwise a child that ends in between counts twice.
   */
  update(readings: Iterable<ProcessReading>, ended: Iterable<number> = []): number {
    this.#updates += 1;
    this.#retire(ended);
    for (const reading of readings) this.#record(reading);
    this.#totalNs = Math.max(this.#totalNs, this.#retiredNs + this.#liveNs);
    return this.#totalNs;
  }

  /**
   * At most so much CPU time of ended threads and children is missing from the sum, because it is known in whole ticks: of
   * each process, less than two ticks for its threads and two for its children.
   */
  roundedNs(tickNs: number): number {
    let sum = 0;
    for (const account of this.#accounts.values()) {
      const { lostThreads, waited, ticksNs, ownNs, childNs } = account;
      if (lostThreads) sum += Math.max(0, ticksNs + 2 * tickNs - ownNs);
      if (waited) sum += Math.max(0, childNs + 2 * tickNs - reapedNs(account));
    }
    return sum;
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
        firstChildFaults: this.#updates === 1 ? reading.childFaults : 0,
        waited: false,
        lostThreads: false,
        ticksNs: 0,
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
    account.ticksNs = reading.ticksNs;
    account.waited ||= reading.childFaults > account.firstChildFaults;
    if (reading.threadNs !== undefined) recordThreads(account, reading.threadNs, reading.ticksNs);
    account.ownNs = Math.max(account.ownNs, reading.ticksNs);
    this.#liveNs += usedNs(account);
  }

  /** Moves the time of ended processes to the parents that waited for them, children first. */
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
      parent.waited = true;
      this.#liveNs += usedNs(parent);
    };
    for (const [pid, account] of ended) if (ended.has(pid)) settle(pid, account);
  }
}

/** CPU time of a process and its ended children. */
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
    // Fewer nanoseconds than before: a new thread reuses the number.
    if (ns !== undefined && ns >= lastNs) continue;
    account.endedThreadsNs += lastNs;
    account.lostThreads = true;
  }
  account.lostThreads ||= ticksNs > liveNs + account.endedThreadsNs;
  account.endedThreadsNs = Math.max(account.endedThreadsNs, ticksNs - liveNs);
  account.threadNs = threadNs;
  account.ownNs = Math.max(account.ownNs, liveNs + account.endedThreadsNs);
}
