/** Ready: a LISTEN socket on the assigned port that the server's own process tree holds. No probe connection is made. */
import { setTimeout as sleep } from 'node:timers/promises';
import { findListener } from '../observe/listener.ts';
import type { ProcessUnderTest } from './process-under-test.ts';
import { endedEarly, ServerFailure } from './server-failure.ts';

const POLL_MS = 4;

export interface Readiness {
  /** Also wait for the ready line on stdout: servers of ours print it once every worker can serve. */
  readonly announces: boolean;
  readonly deadlineMs: number;
}

/**
 * Waits until the server listens. Its early end is noticed at once, a stranger on the port before any load starts.
 *
 * @throws ServerFailure when it does not get ready, the signal's reason when aborted
 */
export async function waitUntilReady(
  server: ProcessUnderTest,
  port: number,
  { announces, deadlineMs }: Readiness,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let listening = false;
  for (;;) {
    signal.throwIfAborted();
    const end = server.exit;
    if (end) throw endedEarly('exited-early', `before it listened on port ${port}`, server, end);
    listening ||= listens(server, port);
    if (listening && (!announces || server.output().includes('"event":"ready"'))) return;
    if (performance.now() > deadline) {
      const missing = listening ? 'a ready line on stdout' : `a LISTEN socket on port ${port}`;
      throw new ServerFailure({
        kind: 'never-ready',
        message: `The server was not ready within ${deadlineMs} ms: waited for ${missing}. Does its command use {port}?`,
        stderrTail: server.stderrTail(),
      });
    }
    await sleep(POLL_MS);
  }
}

/** Whether its tree holds a listening socket on the port. @throws ServerFailure where somebody else does */
function listens(server: ProcessUnderTest, port: number): boolean {
  const owner = findListener(port, () => server.pids());
  if (owner.kind !== 'foreign') return owner.kind === 'ours';
  const who = owner.pid === undefined ? 'somebody else' : `${owner.name ?? 'process'} (pid ${owner.pid})`;
  throw new ServerFailure({
    kind: 'port-taken',
    message: `Port ${port} is held by ${who}, not by the server. Stop it, or start the run again.`,
  });
}
