/** Which of the machine's processes belong to a tree: a pure function over what was read of them. */

/** What decides on membership. */
export interface Kinship {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
}

/**
 * The pids among `candidates` that belong to the tree: those that satisfy `belongs` (root, group, mark) and
 * everything that descends from one of them or from `known` members. Any order, and circles of parents (which a
 * reading that is not atomic can produce) are harmless.
 */
export function membersAmong<T extends Kinship>(
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
