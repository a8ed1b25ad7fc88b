import { parseSwitches, type Switches } from './parse/fields.ts';
import type { ProcFs } from './proc-fs.ts';
import { valueOf } from './types.ts';
import { VanishingCounters } from './vanishing-counters.ts';

/**
 * Context switches of a tree: the kernel tells them by thread only (the figure of a process is that of its first
 * thread), so that a thread that was never read does not count.
 */
export class SwitchCounter {
  readonly #proc: ProcFs;
  readonly #voluntary = new VanishingCounters();
  readonly #involuntary = new VanishingCounters();

  constructor(proc: ProcFs) {
    this.#proc = proc;
  }

  /** Reads all threads of `pids` and returns the sums since the birth of each thread. */
  read(pids: Iterable<number>): Switches {
    const voluntary = new Map<number, number>();
    const involuntary = new Map<number, number>();
    for (const pid of pids) {
      for (const tid of valueOf(this.#proc.numbers(`${pid}/task`)) ?? []) {
        const switches = valueOf(this.#proc.parse(`${pid}/task/${tid}/status`, parseSwitches));
        if (switches === undefined) continue;
        voluntary.set(tid, switches.voluntary);
        involuntary.set(tid, switches.involuntary);
      }
    }
    return {
      voluntary: this.#voluntary.update(voluntary),
      involuntary: this.#involuntary.update(involuntary),
    };
  }
}
