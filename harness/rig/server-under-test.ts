/** A server under test: it listens on the port that it was given, and is loaded there. */
import type { CpuCgroup } from '../observe/cpu/cgroup.ts';
import type { Launched } from './launch.ts';
import { ProcessUnderTest } from './process-under-test.ts';
import { waitUntilReady, type Readiness } from './ready.ts';
import { endedEarly } from './server-failure.ts';
import { serverStatistics } from './server-statistics.ts';

export class ServerUnderTest extends ProcessUnderTest {
  readonly port: number;

  constructor(launched: Launched, port: number, cgroup: CpuCgroup | undefined) {
    super(launched, cgroup);
    this.port = port;
  }

  /** Waits until it listens. @throws ServerFailure when it does not get ready, the signal's reason when aborted */
  async ready(readiness: Readiness, signal: AbortSignal): Promise<void> {
    await waitUntilReady(this, this.port, readiness, signal);
  }

  /** @param when such as "under load" @throws ServerFailure where it has ended by now */
  throwIfEnded(when: string): void {
    if (this.exit) throw endedEarly('server-crashed', when, this, this.exit);
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
