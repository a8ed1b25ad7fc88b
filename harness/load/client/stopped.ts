/** What unwinds a scenario's client when the load is stopped: neither its own failure nor a lost client. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  /** `stopped`: the harness asked for it; what was under way is in flight. `deadline`: the trial took too long. */
  readonly reason: 'stopped' | 'deadline';

  constructor(reason: 'stopped' | 'deadline') {
    super(reason === 'deadline' ? 'the deadline of the trial is over' : 'the load was stopped');
    this.reason = reason;
  }
}
