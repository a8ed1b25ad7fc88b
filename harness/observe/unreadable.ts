/** Readings that gave no value: nothing unread becomes a zero. */

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
