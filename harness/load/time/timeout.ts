/** Something to be done at a time, or else when the load is stopped before it. */
import type { Stopped } from '../client/stopped.ts';
import { Timed } from './timer-wheel.ts';

const NOTHING = (): void => undefined;

export class Timeout extends Timed {
  override readonly onDue: (nowMs: number) => void;
  /** The load was stopped while it waited. */
  readonly onStop: (reason: Stopped) => void;

  constructor(onDue: (nowMs: number) => void, onStop: (reason: Stopped) => void = NOTHING) {
    super();
    this.onDue = onDue;
    this.onStop = onStop;
  }
}
