/** Stopping a server: ask, wait, kill, and prove that nothing of its tree is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, readTree } from '../observe/tree/tree.ts';
import type { ProcessIdentity } from '../observe/types.ts';
import type { ServerProcess } from './server-process.ts';

/** How long killed processes may take to disappear, in ms. SIGKILL cannot be refused, only delayed by the kernel. */
const REAP_DEADLINE_MS = 5000;
const POLL_MS = 5;

export interface StopOutcome {
  /** It did not end by itself within the grace period. */
  readonly killed: boolean;
  /** Processes that were still there after everything; empty in a healthy world. */
  readonly leftBehind: readonly ProcessIdentity[];
}

/**
 * Sends the stop signal to the server's group, SIGKILL after the grace period, and waits until every process of its
 * tree is gone: those of its group, its descendants, and those that carry its mark, wherever they went.
 *
 * @param graceMs how long it may take to stop by itself
 */
export async function stopTree(server: ServerProcess, mark: string, graceMs: number): Promise<StopOutcome> {
  // Descendants that left group and mark can only be found while their parents live.
  const known = readTree(server.pid, { groupId: server.pid, mark });
  const remaining = (): ProcessIdentity[] => {
    const now = readTree(server.pid, { groupId: server.pid, mark });
    const seen = new Set(now.map(({ pid }) => pid));
    return [...now, ...known.filter((process) => !seen.has(process.pid) && isAlive(process))];
  };

  server.askToStop();
  let killed =
    (await Promise.race([server.exited, sleep(graceMs, 'late' as const, { ref: false })])) === 'late';
  server.kill();
  await server.exited;
  const deadline = performance.now() + REAP_DEADLINE_MS;
  for (;;) {
    const left = remaining();
    if (left.length === 0) return { killed, leftBehind: [] };
    if (performance.now() > deadline) return { killed, leftBehind: left };
    for (const { pid, state } of left) {
      if (state === 'Z') continue;
      killed = true;
      killOne(pid);
    }
    await sleep(POLL_MS);
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime, or another user's: the next look tells.
  }
}
