import type { Unreadable } from '../types.ts';
import { malformed, NEWLINE, NumberScanner, SPACE } from './scan.ts';

const ZERO = 0x30;

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

/**
 * The CPU time alone, from the first `length` bytes of a buffer that is used again and again: this is what the sampler
 * does most, and it makes no object. NaN where the line is malformed or was cut.
 */
export function cpuNsOf(bytes: Uint8Array, length: number): number {
  if (bytes[length - 1] !== NEWLINE) return Number.NaN;
  let value = 0;
  let at = 0;
  for (; at < length; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at > 0 && bytes[at] === SPACE ? value : Number.NaN;
}
