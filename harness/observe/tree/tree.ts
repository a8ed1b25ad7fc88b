/** Which processes belong to a server. */
import { environHas, parseStat, type ProcessStat } from '../parse/process.ts';
import { ProcFs } from '../proc-fs.ts';
import { valueOf } from '../unreadable.ts';

/** Which processes belong to a server, besides the descendants of its root. */
export interface Membership {
  /** Also every process of this process group. */
  readonly groupId?: number;
  /** Also every process whose environment holds `HOLDFAST_SERVER=<mark>`: finds daemons that left tree and group. */
  readonly mark?: string;
}

/** The variable that marks every process of a server, so that one that left tree and group is still found. */
export const SERVER_MARK = 'HOLDFAST_SERVER';

/**
 * All processes of a server that exist now: `rootPid` and its descendants, its process group, and whoever carries its
 * mark. One pass over /proc. Processes that have ended but were not waited for (state Z) are included.
 *
 * A process leaves every net only if it takes a new session, outlives its parent *and* drops the mark from its
 * environment. The environment of another user's process cannot be read without privilege: then only tree and group
 * count.
 *
 * @param rootPid counts only while it is the process meant: compare `startTicks` across readings
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

/** What /proc/<pid>/stat says now, or undefined when there is no such process. */
export function readStat(proc: ProcFs, pid: number): ProcessStat | undefined {
  return valueOf(proc.parse(`${pid}/stat`, parseStat));
}

/** True while the very process `identity` exists, as a zombie too; false once its number means another or none. */
export function isAlive(identity: Pick<ProcessStat, 'pid' | 'startTicks'>, proc = new ProcFs()): boolean {
  return readStat(proc, identity.pid)?.startTicks === identity.startTicks;
}

/** Whether a process belongs by its group or by its mark. */
export function joins(proc: ProcFs, candidate: ProcessStat, membership: Membership): boolean {
  if (candidate.groupId === membership.groupId) return true;
  if (membership.mark === undefined) return false;
  const environment = valueOf(proc.read(`${candidate.pid}/environ`));
  return environment !== undefined && environHas(environment, SERVER_MARK, membership.mark);
}

/**
 * The pids among `candidates` that belong to the tree: those that satisfy `belongs` (root, group, mark) and
 * everything that descends from one of them or from `known` members. Any order, and circles of parents (which a
 * reading that is not atomic can produce) are harmless.
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
