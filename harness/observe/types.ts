/**
 * What is observed of a server from outside: plain data that goes into the results as it is.
 * Every figure that could not be read is `null` or named in `unreadable`; nothing unread becomes a zero.
 */

/** Why a kernel file gave no value. */
export interface Unreadable {
  /**
   * `absent`: there is no such file (any more): the process has ended, or this kernel does not offer it.
   * `denied`: permission refused. `exhausted`: this process, or the machine, has no file descriptor left to read with.
   * `malformed`: read, but not in the documented format.
   */
  readonly unreadable: 'absent' | 'denied' | 'exhausted' | 'malformed';
  /** The path, or what was being parsed. */
  readonly what: string;
}

/** True when a reading gave no value. */
export function isUnreadable(reading: unknown): reading is Unreadable {
  return typeof reading === 'object' && reading !== null && 'unreadable' in reading;
}

/** The value of a reading, or undefined. */
export function valueOf<T>(reading: T | Unreadable): T | undefined {
  return isUnreadable(reading) ? undefined : reading;
}

/**
 * One live (or zombie) process. `pid` alone does not identify it, because the kernel uses numbers again: the pair
 * of `pid` and `startTicks` does.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot at which it started. */
  readonly startTicks: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** The command name: at most 15 bytes, any bytes; not valid UTF-8 shows as U+FFFD. */
  readonly name: string;
  /** One letter as in proc_pid_stat(5): R, S, D, T, Z (ended, not waited for) … */
  readonly state: string;
}

/** Which processes belong to a server, besides the descendants of its root. */
export interface Membership {
  /** Also every process of this process group. */
  readonly groupId?: number;
  /** Also every process whose environment holds `HOLDFAST_SERVER=<mark>`: finds daemons that left tree and group. */
  readonly mark?: string;
}

/** The state of the whole tree at one moment. */
export interface Sample {
  /** Milliseconds since the sampler started. */
  readonly atMs: number;
  /** CPU time used since the sampler started, in nanoseconds, ended processes and threads included. */
  readonly cpuNs: number;
  /** Sum of the resident sets, in bytes: a page shared by two processes counts twice. */
  readonly rssBytes: number;
  readonly threads: number;
  readonly processes: number;
  /** Time that the hypervisor took from the whole machine since the sampler started, summed over CPUs; null where unread. */
  readonly stealMs: number | null;
}

/** All samples of one trial by column; every array has the same length. */
export interface ResourceSeries {
  readonly atMs: readonly number[];
  readonly cpuNs: readonly number[];
  readonly rssBytes: readonly number[];
  readonly threads: readonly number[];
  readonly processes: readonly number[];
  /** Absent in runs of versions that did not record it. */
  readonly stealMs?: readonly (number | null)[];
}

/** Where the CPU time comes from. `cgroup` is exact; docs/method/observation.md gives the error of the other. */
export type CpuSource = 'cgroup' | 'schedstat+ticks';

/** What the process tree used between `start` and `stop` of its sampler. */
export interface ResourceUse {
  readonly source: CpuSource;
  readonly cpuNs: number;
  readonly userNs: number;
  readonly systemNs: number;
  /** The same CPU time by the other source, or null where there is only one. */
  readonly cpuCrossCheckNs: number | null;
  /** Context switches of threads that were alive at a detail reading (once a second): a lower bound. */
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** RSS of the first sample. */
  readonly baselineRssBytes: number;
  readonly peakRssBytes: number;
  /** RSS, PSS and open files at the last `hold()`; null when it was not asked for or could not be read. */
  readonly holdRssBytes: number | null;
  readonly holdPssBytes: number | null;
  readonly peakFds: number | null;
  readonly peakThreads: number;
  readonly peakProcesses: number;
  readonly samples: number;
  /** The sampling period at the end: longer than asked for where sampling would cost more than 1 % of a core. */
  readonly periodMs: number;
  /** What sampling itself cost, in nanoseconds of CPU time. */
  readonly samplerCpuNs: number;
  /** Kinds of kernel files that gave nothing, each once. */
  readonly unreadable: readonly string[];
}

/** The time that a sampler lives by. Tests bring their own. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  nowMs(): number;
  /** Calls `act` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, act: () => void): () => void;
}
