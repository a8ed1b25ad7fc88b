import type { Unreadable } from '../types.ts';
import { malformed, NumberScanner } from './scan.ts';

/** /proc/<pid>/task/<tid>/schedstat: three numbers about one thread (Documentation/scheduler/sched-stats). */
export interface SchedStat {
  /** Nanoseconds on a CPU. A running thread's figure is up to one scheduler tick (1 to 10 ms) behind. */
  readonly cpuNs: number;
  /** Nanoseconds waiting for a CPU. */
  readonly waitNs: number;
}

export function parseSchedStat(bytes: Buffer): SchedStat | Unreadable {
  const fields = new NumberScanner(bytes, 0);
  const cpuNs = fields.next();
  const waitNs = fields.next();
  const slices = fields.next();
  return Number.isNaN(cpuNs + waitNs + slices) ? malformed('schedstat') : { cpuNs, waitNs };
}
