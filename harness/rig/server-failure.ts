/** What goes wrong with a server under test, as a trial records it. */
import { UnfitError } from '../errors.ts';
import type { TrialFailure } from '../results/schema/trial.ts';
import { describeEnd, type ProcessEnd } from './launch.ts';
import type { ProcessUnderTest } from './process-under-test.ts';

/** The server did not get ready, ended before its time, served nobody, or left something behind. */
export class ServerFailure extends UnfitError {
  readonly failure: TrialFailure;

  constructor(failure: TrialFailure) {
    super(failure.stderrTail ? `${failure.message} Its last words: ${failure.stderrTail}` : failure.message);
    this.failure = failure;
  }
}

/** @param when such as "under load" */
export function endedEarly(
  kind: 'exited-early' | 'server-crashed',
  when: string,
  server: ProcessUnderTest,
  end: ProcessEnd,
): ServerFailure {
  return new ServerFailure({
    kind,
    message: `The server ended ${when}: ${describeEnd(end)}.`,
    ...(end.kind === 'exited' ? { exitCode: end.exitCode } : { signal: end.signal }),
    stderrTail: server.stderrTail(),
  });
}
