import type { Unreadable } from '../unreadable.ts';
import { malformed, wholeNumber } from './scan.ts';
import type { Limit } from '../../results/schema/run.ts';

/**
 * Parses `Name:  value unit` lines: /proc/<pid>/status, /proc/<pid>/smaps_rollup, /proc/meminfo, /proc/cpuinfo.
 * The first of equal names counts. A last line without a newline was cut and is dropped.
 */
export function parseFields(bytes: Buffer): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const lines = bytes.toString('utf8').split('\n');
  lines.pop();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim();
    if (!fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

/** A field in `kB`, which the kernel uses for KiB, in bytes. */
export function bytesField(fields: ReadonlyMap<string, string>, name: string): number | Unreadable {
  const [, digits] = /^(\d+) kB$/.exec(fields.get(name) ?? '') ?? [];
  const kibibytes = wholeNumber(digits);
  return Number.isNaN(kibibytes) ? malformed(name) : kibibytes * 1024;
}

/** Context switches of one thread, from /proc/<pid>/task/<tid>/status. */
export interface Switches {
  readonly voluntary: number;
  readonly involuntary: number;
}

export function parseSwitches(bytes: Buffer): Switches | Unreadable {
  const fields = parseFields(bytes);
  const voluntary = wholeNumber(fields.get('voluntary_ctxt_switches'));
  const involuntary = wholeNumber(fields.get('nonvoluntary_ctxt_switches'));
  return Number.isNaN(voluntary + involuntary) ? malformed('status') : { voluntary, involuntary };
}

/** Proportional set size in bytes, from /proc/<pid>/smaps_rollup: shared pages are divided among their users. */
export function parsePss(bytes: Buffer): number | Unreadable {
  return bytesField(parseFields(bytes), 'Pss');
}

/** The pid of a process or thread number, from /proc/<number>/status: differs only for threads. */
export function parseThreadGroup(bytes: Buffer): number | Unreadable {
  const group = wholeNumber(parseFields(bytes).get('Tgid'));
  return Number.isNaN(group) ? malformed('status') : group;
}

/** One row of /proc/<pid>/limits, such as `Max open files`. */
export function parseLimit(bytes: Buffer, row: string): Limit | Unreadable {
  for (const line of bytes.toString('latin1').split('\n')) {
    if (!line.startsWith(`${row} `)) continue;
    const [soft, hard] = line.slice(row.length).trim().split(/ +/).map(limitValue);
    if (soft !== undefined && hard !== undefined && !Number.isNaN((soft ?? 0) + (hard ?? 0)))
      return { soft, hard };
  }
  return malformed(`limits: ${row}`);
}

function limitValue(text: string): number | null {
  return text === 'unlimited' ? null : wholeNumber(text);
}
