/** Parsers of stat, schedstat and environ, which describe a process or thread. */
import { isUnreadable, type Unreadable } from '../unreadable.ts';
import { malformed, NEWLINE, NumberScanner, SPACE, ZERO } from './scan.ts';

/** Figures of /proc/<pid>/stat. Times are in clock ticks (see machine/kernel-units.ts). */
export interface ProcessFigures {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** CPU time of the process, ended threads included; both are rounded down to a tick. */
  readonly userTicks: number;
  readonly systemTicks: number;
  /** CPU time of descendants that ended and were waited for. */
  readonly childUserTicks: number;
  readonly childSystemTicks: number;
  /** Page faults of descendants that ended and were waited for: counted one by one, so above 0 however short they lived. */
  readonly childFaults: number;
  readonly threads: number;
  /** Start time, in clock ticks after boot. */
  readonly startTicks: number;
  readonly rssPages: number;
}

/** A live or zombie process. The kernel reuses pids, so only `pid` and `startTicks` together identify it. */
export interface ProcessStat extends ProcessFigures {
  /** The command name: at most 15 arbitrary bytes, `)` and newlines included; invalid UTF-8 becomes U+FFFD. */
  readonly name: string;
  /** One letter of proc_pid_stat(5): R, S, D, T, Z (zombie) … */
  readonly state: string;
}

const OPEN = 0x28;
const CLOSE = 0x29;

/** Parses /proc/<pid>/stat (proc_pid_stat(5)). The name may contain `)`, so the fields start after the *last* one. */
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

/** Like `parseStat` without strings: the sampler parses hundreds of these ten times a second. */
export function parseFigures(bytes: Buffer): ProcessFigures | Unreadable {
  const open = bytes.indexOf(OPEN);
  const close = bytes.lastIndexOf(CLOSE);
  const pid = open > 1 && bytes[open - 1] === SPACE ? new NumberScanner(bytes, 0).next() : Number.NaN;
  if (close < open || bytes.at(-1) !== NEWLINE || bytes[close + 3] !== SPACE) return malformed('stat');
  const fields = new NumberScanner(bytes, close + 4);
  const parentPid = fields.next();
  const groupId = fields.next();
  fields.skip(5); // session, tty, tpgid, flags, minflt
  const childFaults = fields.next();
  fields.skip(2); // majflt, cmajflt
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
  if (Number.isNaN(sum + childFaults + threads + startTicks + rssPages)) return malformed('stat');
  return {
    pid,
    parentPid,
    groupId,
    userTicks,
    systemTicks,
    childUserTicks,
    childSystemTicks,
    childFaults,
    threads,
    startTicks,
    rssPages,
  };
}

/**
 * The CPU time in a line of /proc/<pid>/task/<tid>/schedstat (Documentation/scheduler/sched-stats), in ns; it lags by up to
 * one scheduler tick (1 to 10 ms) for a running thread. The line is the first `length` bytes of a
 * reused buffer; NaN for a malformed or cut line.
 * The sampler's hottest path: it allocates nothing.
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

/** Whether /proc/<pid>/environ (NUL-terminated entries) holds exactly `name=value`. A cut last entry does not count. */
export function environHas(bytes: Buffer, name: string, value: string): boolean {
  const entry = Buffer.from(`${name}=${value}\0`);
  for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 1)) {
    if (at === 0 || bytes[at - 1] === 0) return true;
  }
  return false;
}
