/** What a client waits for, and what ends its waiting early. */
import { Timed } from './timer-wheel.ts';

/** Unwinds a scenario's client when the load is stopped: neither its own failure nor a lost client. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  /** `stopped`: the harness asked for it; what was under way is in flight. `deadline`: the trial took too long. */
  readonly reason: 'stopped' | 'deadline';

  constructor(reason: 'stopped' | 'deadline') {
    super(reason === 'deadline' ? 'the deadline of the trial is over' : 'the load was stopped');
    this.reason = reason;
  }
}

/** Something to be done at a time, or else when the load is stopped before it. */
export class Timeout extends Timed {
  override readonly onDue: (nowMs: number) => void;
  /** The load was stopped while it waited. */
  readonly onStop: (reason: Stopped) => void;

  constructor(onDue: (nowMs: number) => void, onStop: (reason: Stopped) => void = () => undefined) {
    super();
    this.onDue = onDue;
    this.onStop = onStop;
  }
}
