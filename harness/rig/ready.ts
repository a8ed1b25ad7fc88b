/** Ready: a LISTEN socket on the assigned port that the server's own process tree holds. No probe connection is made. */
import { setTimeout as sleep } from 'node:timers/promises';
import { findListener } from '../observe/listener.ts';
import { readTree } from '../observe/tree/tree.ts';
import type { TrialFailure } from '../results/schema/trial.ts';
import { describeEnd } from './launch.ts';
import type { ProcessUnderTest } from './process-under-test.ts';

const POLL_MS = 4;

type Starting = Pick<ProcessUnderTest, 'pid' | 'exit' | 'output' | 'stderrTail'>;

export interface ReadyOptions {
  readonly port: number;
  readonly mark: string;
  /** Also wait for the ready line on stdout: servers of ours print it once every worker can serve. */
  readonly announces: boolean;
  readonly deadlineMs: number;
}

/**
 * Waits until the server is ready.
 *
 * @returns undefined when it is, or why it will not be: its early end is noticed at once, a stranger on the port before
 *   any load starts
 * @throws the signal's reason when aborted
 */
export async function waitUntilReady(
  server: Starting,
  options: ReadyOptions,
  signal: AbortSignal,
): Promise<TrialFailure | undefined> {
  const deadline = performance.now() + options.deadlineMs;
  const ours = (): number[] =>
    readTree(server.pid, { groupId: server.pid, mark: options.mark }).map(({ pid }) => pid);
  let listening = false;
  for (;;) {
    signal.throwIfAborted();
    if (server.exit) {
      return {
        kind: 'exited-early',
        message: `The server ended before it listened on port ${options.port}: ${describeEnd(server.exit)}.`,
        ...endOf(server),
      };
    }
    if (!listening) {
      const owner = findListener(options.port, ours);
      if (owner.kind === 'foreign') {
        const who =
          owner.pid === undefined ? 'somebody else' : `${owner.name ?? 'process'} (pid ${owner.pid})`;
        return {
          kind: 'port-taken',
          message: `Port ${options.port} is held by ${who}, not by the server. Stop it, or start the run again.`,
        };
      }
      listening = owner.kind === 'ours';
    }
    if (listening && (!options.announces || server.output().includes('"event":"ready"'))) return undefined;
    if (performance.now() > deadline) {
      const missing = listening ? 'a ready line on stdout' : `a LISTEN socket on port ${options.port}`;
      return {
        kind: 'never-ready',
        message: `The server was not ready within ${options.deadlineMs} ms: waited for ${missing}. Does its command use {port}?`,
        stderrTail: server.stderrTail(),
      };
    }
    await sleep(POLL_MS);
  }
}

/** Exit code or signal, and the last words, of a server that has ended. */
export function endOf(server: Starting): Pick<TrialFailure, 'exitCode' | 'signal' | 'stderrTail'> {
  const { exit } = server;
  return {
    ...(exit?.kind === 'exited' ? { exitCode: exit.exitCode } : {}),
    ...(exit?.kind === 'signalled' ? { signal: exit.signal } : {}),
    stderrTail: server.stderrTail(),
  };
}
