/** A server under test: it listens on the port that it was given, and is loaded there. */
import { UnfitError } from '../errors.ts';
import type { CpuCgroup } from '../observe/cpu/cgroup.ts';
import type { TrialFailure } from '../results/schema/trial.ts';
import { describeEnd, type Launched } from './launch.ts';
import { ProcessUnderTest } from './process-under-test.ts';
import { endOf, waitUntilReady } from './ready.ts';
import { serverStatistics } from './server-statistics.ts';

/** A server did not get ready, or ended before its time. */
export class ServerFailure extends UnfitError {
  readonly failure: TrialFailure;

  constructor(failure: TrialFailure) {
    super(failure.stderrTail ? `${failure.message} Its last words: ${failure.stderrTail}` : failure.message);
    this.failure = failure;
  }
}

export interface Readiness {
  /** Also wait for the ready line on stdout: servers of ours print it once every worker can serve. */
  readonly announces: boolean;
  readonly deadlineMs: number;
}

export class ServerUnderTest extends ProcessUnderTest {
  readonly port: number;

  constructor(launched: Launched, port: number, cgroup: CpuCgroup | undefined) {
    super(launched, cgroup);
    this.port = port;
  }

  /**
   * Waits until it listens. Its early end is noticed at once, a stranger on the port before any load starts.
   *
   * @throws ServerFailure when it does not get ready, the signal's reason when aborted
   */
  async ready(readiness: Readiness, signal: AbortSignal): Promise<void> {
    const failure = await waitUntilReady(this, { ...readiness, port: this.port, mark: this.mark }, signal);
    if (failure) throw new ServerFailure(failure);
  }

  /** @param when such as "under load" @throws ServerFailure where it has ended by now */
  throwIfEnded(when: string): void {
    if (!this.exit) return;
    throw new ServerFailure({
      kind: 'server-crashed',
      message: `The server ended ${when}: ${describeEnd(this.exit)}.`,
      ...endOf(this),
    });
  }

  /** What it said of itself as it stopped, or undefined where it said nothing. */
  statistics(): Readonly<Record<string, unknown>> | undefined {
    return serverStatistics(this.output());
  }
}

/** The command with `{port}` and `{host}` filled in. */
export function fillIn(command: readonly string[], host: string, port: number): string[] {
  return command.map((part) => part.replaceAll('{port}', String(port)).replaceAll('{host}', host));
}
