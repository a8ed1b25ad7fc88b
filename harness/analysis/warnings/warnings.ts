/** Warnings that stand beside figures: what is doubtful, why, and what to do about it. */

export type WarningCode =
  | 'few-trials'
  | 'generator-limited'
  | 'not-valid'
  | 'steal'
  | 'foreign-load'
  | 'backlog'
  | 'drift'
  | 'unstable'
  | 'unreadable'
  | 'file-limit'
  | 'governor'
  | 'failed-trials'
  | 'incomplete'
  | 'left-out'
  /** Sampling was slowed down: peaks between two samples are missed. */
  | 'sampling';

export interface Warning {
  readonly code: WarningCode;
  /** What was seen, with figures. */
  readonly message: string;
  /** What a reader can do about it. */
  readonly advice: string;
  /** The cells it is about; absent: the whole run. */
  readonly cells?: readonly {
    readonly server: string;
    readonly scenario: string;
    readonly clients: number;
  }[];
}
