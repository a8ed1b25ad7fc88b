/** What goes wrong with a server under test, as a trial records it. */
import { UnfitError } from '../errors.ts';
import type { TrialFailure } from '../results/schema/trial.ts';

/** The server did not get ready, ended before its time, served nobody, or left something behind. */
export class ServerFailure extends UnfitError {
  readonly failure: TrialFailure;

  constructor(failure: TrialFailure) {
    super(failure.stderrTail ? `${failure.message} Its last words: ${failure.stderrTail}` : failure.message);
    this.failure = failure;
  }
}
