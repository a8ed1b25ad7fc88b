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

/** The time that a sampler lives by. Tests bring their own. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  nowMs(): number;
  /** Calls `act` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, act: () => void): () => void;
}
