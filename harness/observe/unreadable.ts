/** Failed readings, kept apart from zero. */

/** Why a kernel file gave no value. */
export interface Unreadable {
  /**
   * `absent`: no such file, because the process has ended or this kernel does not offer it. `denied`: permission refused.
   * `exhausted`: this process or the machine is out of file descriptors. `malformed`: not in the documented format.
   */
  readonly unreadable: 'absent' | 'denied' | 'exhausted' | 'malformed';
  /** The path, or the name of the parsed file. */
  readonly what: string;
}

/** Whether a reading failed. */
export function isUnreadable(reading: unknown): reading is Unreadable {
  return typeof reading === 'object' && reading !== null && 'unreadable' in reading;
}

/** The value of a reading; undefined if it failed. */
export function valueOf<T>(reading: T | Unreadable): T | undefined {
  return isUnreadable(reading) ? undefined : reading;
}
