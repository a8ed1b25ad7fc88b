/** A server under test: it listens on the port that it was given, and is loaded there. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuCgroup } from '../observe/cpu/cgroup.ts';
import { findListener } from '../observe/listener.ts';
import { describeEnd, type Launched, type ProcessEnd } from './launch.ts';
import { ProcessUnderTest } from './process-under-test.ts';
import { ServerFailure } from './server-failure.ts';

const POLL_MS = 4;

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
   * Waits until it is ready: a LISTEN socket on the port that its own process tree holds. No probe connection is made. Its
   * early end is noticed at once, a stranger on the port before any load starts.
   *
   * @throws ServerFailure when it does not get ready, the signal's reason when aborted
   */
  async ready({ announces, deadlineMs }: Readiness, signal: AbortSignal): Promise<void> {
    const { port } = this;
    const deadline = performance.now() + deadlineMs;
    let listening = false;
    for (;;) {
      signal.throwIfAborted();
      if (this.exit) throw this.#ended('exited-early', `before it listened on port ${port}`, this.exit);
      listening ||= this.#listens();
      if (listening && (!announces || this.output().includes('"event":"ready"'))) return;
      if (performance.now() > deadline) {
        const missing = listening ? 'a ready line on stdout' : `a LISTEN socket on port ${port}`;
        throw new ServerFailure({
          kind: 'never-ready',
          message: `The server was not ready within ${deadlineMs} ms: waited for ${missing}. Does its command use {port}?`,
          stderrTail: this.stderrTail(),
        });
      }
      await sleep(POLL_MS);
    }
  }

  /** @param when such as "under load" @throws ServerFailure where it has ended by now */
  throwIfEnded(when: string): void {
    if (this.exit) throw this.#ended('server-crashed', when, this.exit);
  }

  /**
   * What it said of itself as it stopped, one JSON line on stdout (docs/servers/contract.md); undefined where it said
   * nothing, which anybody's server may do.
   */
  statistics(): Readonly<Record<string, unknown>> | undefined {
    for (const line of this.output().split('\n').reverse()) {
      if (!line.startsWith('{')) continue;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        continue;
      }
      if (typeof value === 'object' && value !== null && 'event' in value && value.event === 'stats') {
        const { event: _event, ...statistics } = value;
        return statistics;
      }
    }
    return undefined;
  }

  #ended(kind: 'exited-early' | 'server-crashed', when: string, end: ProcessEnd): ServerFailure {
    return new ServerFailure({
      kind,
      message: `The server ended ${when}: ${describeEnd(end)}.`,
      ...(end.kind === 'exited' ? { exitCode: end.exitCode } : { signal: end.signal }),
      stderrTail: this.stderrTail(),
    });
  }

  /** Whether its tree holds a listening socket on the port. @throws ServerFailure where somebody else does */
  #listens(): boolean {
    const owner = findListener(this.port, () => this.pids());
    if (owner.kind !== 'foreign') return owner.kind === 'ours';
    const who = owner.pid === undefined ? 'somebody else' : `${owner.name ?? 'process'} (pid ${owner.pid})`;
    throw new ServerFailure({
      kind: 'port-taken',
      message: `Port ${this.port} is held by ${who}, not by the server. Stop it, or start the run again.`,
    });
  }
}
