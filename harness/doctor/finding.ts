/** What one check of the doctor found. */

/** `fail`: what is measured here cannot be trusted. `warn`: it can, with less certainty or in a smaller range. */
export type Status = 'ok' | 'warn' | 'fail';

export interface Finding {
  /** Names the check, such as `open-files`. */
  readonly id: string;
  readonly status: Status;
  /** The figure that was found, with its unit, short enough for a column. */
  readonly figure: string;
  /** One sentence: what the figure means. */
  readonly message: string;
  /** What to do about it; null where nothing is to be done. */
  readonly advice: string | null;
}
