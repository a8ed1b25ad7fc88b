/** Stopping a server: ask, wait, kill, and prove that nothing of its tree is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UnfitError, messageOf } from '../errors.ts';
import type { ProcessStat } from '../observe/parse/process.ts';
import { ProcFs } from '../observe/proc-fs.ts';
import { isAlive, readStat, readTree } from '../observe/tree/tree.ts';

/** How long killed processes may take to disappear, in ms. SIGKILL cannot be refused, only delayed by the kernel. */
const REAP_DEADLINE_MS = 5000;
const POLL_MS = 5;

/** What is to be stopped: the leader of a process group. */
interface Stoppable {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  /** Asks the whole group. */
  askToStop(): void;
  /** Kills the whole group. */
  kill(): void;
}

export interface StopOutcome {
  /** It did not end by itself within the grace period. */
  readonly killed: boolean;
  /** Processes that were still there after everything; empty in a healthy world. */
  readonly leftBehind: readonly ProcessStat[];
}

/**
 * Sends the stop signal to the server's group, SIGKILL after the grace period, and waits until every process of its
 * tree is gone: those of its group, its descendants, those that carry its mark, and those in its cgroup, wherever they
 * went.
 *
 * @param graceMs how long it may take to stop by itself
 * @param cgroup the one that it was started in, which no process can leave without privilege
 */
export async function stopTree(
  server: Stoppable,
  mark: string,
  graceMs: number,
  cgroup?: { pids(): readonly number[] },
): Promise<StopOutcome> {
  const proc = new ProcFs();
  // Whatever was seen once counts until it is gone: descendants that left group and mark can only be found while their
  // parents live, and a cgroup does not list processes that have ended and were not waited for.
  const seen = new Map<number, ProcessStat>();
  const remaining = (): ProcessStat[] => {
    const inside = (cgroup?.pids() ?? []).flatMap((pid) => readStat(proc, pid) ?? []);
    for (const one of [...readTree(server.pid, { groupId: server.pid, mark }), ...inside])
      seen.set(one.pid, one);
    return [...seen.values()].flatMap((one) => (isAlive(one, proc) ? (readStat(proc, one.pid) ?? []) : []));
  };

  remaining();
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

/** A sentence that names what is still there after a trial or launch; undefined where nothing is. */
export function describeLeftBehind(after: string, { leftBehind }: StopOutcome): string | undefined {
  if (leftBehind.length === 0) return undefined;
  const names = leftBehind.map(({ pid, name, state }) => `${name} (pid ${pid}, state ${state})`).join(', ');
  return `After the ${after} these processes of the server were still there: ${names}.`;
}

/** Signals a whole process group; a group that is gone already is what was wanted. */
export function signalGroup(groupId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-groupId, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw new UnfitError(`Cannot signal process group ${groupId}: ${messageOf(error)}.`, { cause: error });
    }
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime, or another user's: the next look tells.
  }
}
