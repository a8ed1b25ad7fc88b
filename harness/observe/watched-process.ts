import type { ProcessReading } from './cpu-ledger.ts';
import { parseSchedStat } from './parse/schedstat.ts';
import { parseStat, type ProcessStat } from './parse/stat.ts';
import type { ProcFs, ProcHandle } from './proc-fs.ts';
import { isUnreadable, type Unreadable } from './types.ts';

/** What one look at a process should bring. */
export interface Look {
  /** Whether to read every thread's CPU time, or only what the whole process tells. */
  readonly threads: boolean;
  /** False when no process or thread was started on the machine since the last look. */
  readonly started: boolean;
}

const line = Buffer.allocUnsafe(4096);

/** One process under observation, with its files held open as far as the reader allows. */
export class WatchedProcess implements Disposable {
  readonly pid: number;
  readonly startTicks: number;
  /** As of the last look. */
  stat: ProcessStat;
  /** Nanoseconds on a CPU by thread, as old as `stat`; undefined when not read with it or not offered. */
  #threadNs: ReadonlyMap<number, number> | undefined;
  readonly #proc: ProcFs;
  readonly #statFile: ProcHandle | undefined;
  /** Open files of the threads' times by thread; undefined where only reading afresh is possible. */
  #threads = new Map<number, ProcHandle | undefined>();

  constructor(proc: ProcFs, stat: ProcessStat) {
    this.pid = stat.pid;
    this.startTicks = stat.startTicks;
    this.stat = stat;
    this.#proc = proc;
    this.#statFile = proc.open(`${stat.pid}/stat`);
  }

  /** Reads what is new. False when the process does not exist any more. */
  look(look: Look): boolean {
    if (this.#unchanged()) return true;
    const bytes = this.#statFile?.read(line) ?? this.#proc.read(`${this.pid}/stat`);
    const stat = isUnreadable(bytes) ? bytes : parseStat(bytes);
    // Without a descriptor to look with, all is taken to be as it was.
    if (isUnreadable(stat)) return stat.unreadable === 'exhausted';
    if (stat.startTicks !== this.startTicks) return false;
    this.stat = stat;
    // The threads after the process: the ledger's proof that some have ended needs this order.
    this.#threadNs = look.threads || stat.threads === 1 ? this.#readThreads(look.started) : undefined;
    return true;
  }

  /** The last look's CPU times for the ledger. */
  reading(tickNs: number): ProcessReading {
    const { pid, startTicks, parentPid, userTicks, systemTicks, childUserTicks, childSystemTicks } =
      this.stat;
    const ticksNs = (userTicks + systemTicks) * tickNs;
    const childTicksNs = (childUserTicks + childSystemTicks) * tickNs;
    return { pid, startTicks, parentPid, ticksNs, childTicksNs, threadNs: this.#threadNs };
  }

  /**
   * A process of one thread that was not on a CPU since the last look is as it was: it could not start a thread,
   * wait for a child or touch memory without running. This keeps a tree of idle processes cheap.
   */
  #unchanged(): boolean {
    const before = this.#threadNs?.get(this.pid);
    if (this.stat.threads !== 1 || this.#threadNs?.size !== 1 || before === undefined) return false;
    return this.#readThread(this.pid) === before;
  }

  #readThreads(started: boolean): ReadonlyMap<number, number> | undefined {
    if (started || this.#threads.size !== this.stat.threads) this.#listThreads();
    const times = new Map<number, number>();
    for (const tid of this.#threads.keys()) {
      const ns = this.#readThread(tid);
      if (!isUnreadable(ns)) times.set(tid, ns);
      else this.#forget(tid);
    }
    return times.size > 0 ? times : undefined;
  }

  #listThreads(): void {
    const listed = this.stat.threads === 1 ? [this.pid] : this.#proc.numbers(`${this.pid}/task`);
    const tids = new Set(isUnreadable(listed) ? [] : listed);
    for (const tid of this.#threads.keys()) if (!tids.has(tid)) this.#forget(tid);
    for (const tid of tids) {
      if (!this.#threads.has(tid)) this.#threads.set(tid, this.#proc.open(this.#threadPath(tid)));
    }
  }

  #readThread(tid: number): number | Unreadable {
    const bytes = this.#threads.get(tid)?.read(line) ?? this.#proc.read(this.#threadPath(tid));
    const times = isUnreadable(bytes) ? bytes : parseSchedStat(bytes);
    return isUnreadable(times) ? times : times.cpuNs;
  }

  #threadPath(tid: number): string {
    return `${this.pid}/task/${tid}/schedstat`;
  }

  #forget(tid: number): void {
    this.#threads.get(tid)?.[Symbol.dispose]();
    this.#threads.delete(tid);
  }

  [Symbol.dispose](): void {
    this.#statFile?.[Symbol.dispose]();
    for (const tid of this.#threads.keys()) this.#forget(tid);
  }
}
