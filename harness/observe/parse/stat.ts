import { type Unreadable, isUnreadable } from '../types.ts';
import { malformed, NEWLINE, NumberScanner, SPACE } from './scan.ts';

/** The figures of /proc/<pid>/stat that are used here. Times in clock ticks (see `auxv.ts` for their length). */
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
  readonly startTicks: number;
  readonly rssPages: number;
}

export interface ProcessStat extends ProcessFigures {
  /** Up to 15 bytes of anything, `)` and newlines included. */
  readonly name: string;
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
