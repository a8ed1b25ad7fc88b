/** CPU time that the hypervisor takes from this machine, as it grows. */
import { growth } from './kernel-counters.ts';
import { isUnreadable, valueOf } from '../unreadable.ts';
import { parseStealTicks } from '../parse/machine.ts';
import type { ProcFs } from '../proc-fs.ts';

/** Bytes that hold the line of the whole machine; one for each CPU and interrupt follows it. */
const FIRST_LINE = 256;

export class StealMeter {
  readonly #proc: ProcFs;
  readonly #tickNs: number;
  readonly #first: number | undefined;

  constructor(proc: ProcFs, tickNs: number) {
    this.#proc = proc;
    this.#tickNs = tickNs;
    this.#first = this.#ticks();
  }

  /** Milliseconds since this meter was made, summed over CPUs; null where the kernel does not say, or set it back. */
  read(): number | null {
    if (this.#first === undefined) return null;
    const ticks = growth(this.#first, this.#ticks());
    return ticks === null ? null : (ticks * this.#tickNs) / 1e6;
  }

  #ticks(): number | undefined {
    const bytes = this.#proc.read('stat', FIRST_LINE);
    return isUnreadable(bytes) ? undefined : valueOf(parseStealTicks(bytes));
  }
}
