import { environHas, parseStat, type ProcessStat } from '../parse/process.ts';
import { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../unreadable.ts';

/** The processes that belong to a server besides the descendants of its root. */
export interface Membership {
  /** Every process of this process group. */
  readonly groupId?: number;
  /** Every process with `HOLDFAST_SERVER=<mark>` in its environment: finds daemons that left tree and group. */
  readonly mark?: string;
}

/** The environment variable that marks every process of a server. */
export const SERVER_MARK = 'HOLDFAST_SERVER';

/**
 * All present processes of a server: `rootPid` and its descendants, its process group, and all that carry its mark;
 * zombies (state Z) included. One pass over /proc.
 *
 * A process escapes only if it starts a new session, outlives its parent *and* drops the mark from its environment.
 * The environment of another user's process needs privilege to read; without it, only tree and group count.
 *
 * @param rootPid may be reused by the kernel: compare `startTicks` across readings
 */
export function readTree(rootPid: number, membership: Membership = {}, proc = new ProcFs()): ProcessStat[] {
  const everything = (valueOf(proc.numbers('.')) ?? []).flatMap((pid) => readStat(proc, pid) ?? []);
  const members = membersAmong(
    everything,
    (pid) => pid === rootPid,
    (candidate) => candidate.pid === rootPid || joins(proc, candidate, membership),
  );
  return everything.filter(({ pid }) => members.has(pid));
}

/** Reads /proc/<pid>/stat; undefined when there is no such process. */
export function readStat(proc: ProcFs, pid: number): ProcessStat | undefined {
  return valueOf(proc.parse(`${pid}/stat`, parseStat));
}

/** Whether this very process still exists, even as a zombie; false once its pid is free or reused. */
export function isAlive(identity: Pick<ProcessStat, 'pid' | 'startTicks'>, proc = new ProcFs()): boolean {
  return readStat(proc, identity.pid)?.startTicks === identity.startTicks;
}

/** Whether a process belongs by group or mark. */
export function joins(proc: ProcFs, candidate: ProcessStat, membership: Membership): boolean {
  if (candidate.groupId === membership.groupId) return true;
  if (membership.mark === undefined) return false;
  const environment = valueOf(proc.read(`${candidate.pid}/environ`));
  return environment !== undefined && environHas(environment, SERVER_MARK, membership.mark);
}

/**
 * The pids among `candidates` that belong to the tree: those that satisfy `belongs` (root, group, mark), and all
 * descendants of these or of `known` members. Any order will do; parent cycles (non-atomic readings) are harmless.
 */
export function membersAmong<T extends Pick<ProcessStat, 'pid' | 'parentPid'>>(
  candidates: readonly T[],
  known: (pid: number) => boolean,
  belongs: (candidate: T) => boolean,
): ReadonlySet<number> {
  const children = Map.groupBy(candidates, (candidate) => candidate.parentPid);
  const members = new Set<number>();
  const queue = candidates.filter((candidate) => known(candidate.parentPid) || belongs(candidate));
  for (let candidate = queue.pop(); candidate !== undefined; candidate = queue.pop()) {
    if (members.has(candidate.pid)) continue;
    members.add(candidate.pid);
    queue.push(...(children.get(candidate.pid) ?? []));
  }
  return members;
}
