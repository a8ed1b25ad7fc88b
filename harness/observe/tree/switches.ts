import { parseSwitches, type Switches } from '../parse/fields.ts';
import type { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../unreadable.ts';
import type { WatchedProcess } from './watched-process.ts';

/**
 * Counts the context switches of a tree. The kernel counts them by thread (a process shows those of its first thread),
 * so threads that were never read are missing. A process that has not run is not read again.
 */
export class SwitchCounter {
  readonly #proc: ProcFs;
  readonly #voluntary = new VanishingCounters();
  readonly #involuntary = new VanishingCounters();
  /** By pid: the counts, and the process's activity when they were read. */
  #counted = new Map<number, Counted>();

  constructor(proc: ProcFs) {
    this.#proc = proc;
  }

  /** Reads the threads of all processes that have run; returns the sums since each thread started. */
  read(processes: Iterable<WatchedProcess>): Switches {
    const voluntary = new Map<number, number>();
    const involuntary = new Map<number, number>();
    const counted = new Map<number, Counted>();
    for (const process of processes) {
      const last = this.#counted.get(process.pid);
      const isSame = last?.activity === process.activity && last.startTicks === process.startTicks;
      const now = isSame ? last : this.#count(process);
      counted.set(process.pid, now);
      for (const [tid, switches] of now.threads) {
        voluntary.set(tid, switches.voluntary);
        involuntary.set(tid, switches.involuntary);
      }
    }
    this.#counted = counted;
    return {
      voluntary: this.#voluntary.update(voluntary),
      involuntary: this.#involuntary.update(involuntary),
    };
  }

  #count({ pid, startTicks, activity, figures }: WatchedProcess): Counted {
    const threads = new Map<number, Switches>();
    const tids = figures.threads === 1 ? [pid] : (valueOf(this.#proc.numbers(`${pid}/task`)) ?? []);
    for (const tid of tids) {
      const switches = valueOf(this.#proc.parse(`${pid}/task/${tid}/status`, parseSwitches));
      if (switches !== undefined) threads.set(tid, switches);
    }
    return { startTicks, activity, threads };
  }
}

interface Counted {
  readonly startTicks: number;
  readonly activity: number;
  readonly threads: ReadonlyMap<number, Switches>;
}

/**
 * Sums counters whose owners come and go, such as threads. A vanished owner keeps its last count; an owner that counts
 * less than before is a new one with a reused number.
 */
export class VanishingCounters {
  #live: ReadonlyMap<number, number> = new Map();
  #vanished = 0;

  /** Takes the current counters by owner; returns the sum over all owners so far. */
  update(counters: ReadonlyMap<number, number>): number {
    for (const [owner, last] of this.#live) {
      const now = counters.get(owner);
      if (now === undefined || now < last) this.#vanished += last;
    }
    this.#live = counters;
    let sum = this.#vanished;
    for (const count of counters.values()) sum += count;
    return sum;
  }
}
