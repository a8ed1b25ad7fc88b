/** Files about one process or one of its threads: stat, schedstat, environ. */
import { isUnreadable, type Unreadable } from '../unreadable.ts';
import { malformed, NEWLINE, NumberScanner, SPACE, ZERO } from './scan.ts';

/** The figures of /proc/<pid>/stat that are used here. Times in clock ticks (machine/kernel-units.ts tells their length). */
export interface ProcessFigures {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** CPU time of the process, ended threads included; each figure is rounded down to a tick. */
  readonly userTicks: number;
  readonly systemTicks: number;
  /** CPU time of children that ended and were waited for, and of theirs. */
  readonly childUserTicks: number;
  readonly childSystemTicks: number;
  readonly threads: number;
  /** Clock ticks after boot at which it started. */
  readonly startTicks: number;
  readonly rssPages: number;
}

/**
 * One live (or zombie) process. `pid` alone does not identify it, because the kernel uses numbers again: the pair of
 * `pid` and `startTicks` does.
 */
export interface ProcessStat extends ProcessFigures {
  /** The command name: at most 15 bytes of anything, `)` and newlines included; not valid UTF-8 shows as U+FFFD. */
  readonly name: string;
  /** One letter as in proc_pid_stat(5): R, S, D, T, Z (ended, not waited for) … */
  readonly state: string;
}

const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * Parses /proc/<pid>/stat (proc_pid_stat(5)). The name stands in parentheses and may itself hold any byte, so that
 * the fields are those after the *last* `)`: nothing after the name can contain one.
 */
export function parseStat(bytes: Buffer): ProcessStat | Unreadable {
  const figures = parseFigures(bytes);
  if (isUnreadable(figures)) return figures;
  const close = bytes.lastIndexOf(CLOSE);
  return {
    ...figures,
    name: bytes.toString('utf8', bytes.indexOf(OPEN) + 1, close),
    state: String.fromCharCode(bytes[close + 2] ?? SPACE),
  };
}

/** The same without what needs a string: for the sampler, which reads hundreds of these ten times a second. */
export function parseFigures(bytes: Buffer): ProcessFigures | Unreadable {
  const open = bytes.indexOf(OPEN);
  const close = bytes.lastIndexOf(CLOSE);
  const pid = open > 1 && bytes[open - 1] === SPACE ? new NumberScanner(bytes, 0).next() : Number.NaN;
  if (close < open || bytes.at(-1) !== NEWLINE || bytes[close + 3] !== SPACE) return malformed('stat');
  const fields = new NumberScanner(bytes, close + 4);
  const parentPid = fields.next();
  const groupId = fields.next();
  fields.skip(8); // session, tty, tpgid, flags, minflt, cminflt, majflt, cmajflt
  const userTicks = fields.next();
  const systemTicks = fields.next();
  const childUserTicks = fields.next();
  const childSystemTicks = fields.next();
  fields.skip(2); // priority, nice: may be negative
  const threads = fields.next();
  fields.skip(1); // itrealvalue
  const startTicks = fields.next();
  fields.skip(1); // vsize
  const rssPages = fields.next();
  const sum = pid + parentPid + groupId + userTicks + systemTicks + childUserTicks + childSystemTicks;
  if (Number.isNaN(sum + threads + startTicks + rssPages)) return malformed('stat');
  return {
    pid,
    parentPid,
    groupId,
    userTicks,
    systemTicks,
    childUserTicks,
    childSystemTicks,
    threads,
    startTicks,
    rssPages,
  };
}

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

/**
 * Whether an environment as in /proc/<pid>/environ (entries ended by NUL) holds exactly `name=value`.
 * A cut last entry does not count.
 */
export function environHas(bytes: Buffer, name: string, value: string): boolean {
  const entry = Buffer.from(`${name}=${value}\0`);
  for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 1)) {
    if (at === 0 || bytes[at - 1] === 0) return true;
  }
  return false;
}
