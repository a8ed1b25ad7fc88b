import { parseThreadGroup } from '../parse/fields.ts';
import { parseLoadAverage } from '../parse/machine.ts';
import type { ProcessStat } from '../parse/process.ts';
import type { ProcFs, ProcHandle } from '../proc-fs.ts';
import { isUnreadable, valueOf } from '../unreadable.ts';
import { membersAmong, joins, readStat, type Membership } from './tree.ts';

const line = Buffer.allocUnsafe(4096);

/** Up to this many new pids are probed one by one; more would cost as much as listing /proc. */
const MOST_ASKED = 128;

/**
 * Finds new members of a tree without listing /proc each time. /proc/loadavg shows the newest pid: while it is
 * unchanged, nothing was started on the machine; otherwise new processes lie between the old value and the new.
 */
export class Discovery implements Disposable {
  readonly #proc: ProcFs;
  readonly #rootPid: number;
  readonly #membership: Membership;
  readonly #loadavg: ProcHandle | undefined;
  /** Processes outside the tree. None joins it later, so each is examined once. */
  readonly #strangers = new Set<number>();
  #lastPid: number | undefined;

  constructor(proc: ProcFs, rootPid: number, membership: Membership) {
    this.#proc = proc;
    this.#rootPid = rootPid;
    this.#membership = membership;
    this.#loadavg = proc.open('loadavg');
  }

  /**
   * The new members, parents before their children.
   *
   * @param known members by pid
   * @param ended pids of members that ended since the last call; they may already be reused
   * @param all list all of /proc: finds processes that were not fully set up when they were probed
   */
  find(
    known: ReadonlyMap<number, unknown>,
    ended: readonly number[],
    all: boolean,
  ): { readonly started: boolean; readonly members: readonly ProcessStat[] } {
    const before = this.#lastPid;
    const bytes = this.#loadavg?.read(line) ?? this.#proc.read('loadavg');
    const average = isUnreadable(bytes) ? bytes : parseLoadAverage(bytes);
    const lastPid = valueOf(average)?.lastPid;
    this.#lastPid = lastPid;
    const started = lastPid === undefined || lastPid !== before;
    // Pids wrap around: after that, a stranger's pid may be reused by a member.
    if (lastPid === undefined || before === undefined || lastPid < before) this.#strangers.clear();
    if (!started && !all && ended.length === 0) return { started, members: [] };
    const few = !all && lastPid !== undefined && before !== undefined;
    const candidates =
      few && lastPid >= before && lastPid - before + ended.length <= MOST_ASKED
        ? this.#askedFor([...ended, ...numbersAfter(before, lastPid)])
        : this.#listed();
    return { started, members: this.#membersAmong(candidates, known) };
  }

  /** The pids that are processes: threads have numbers too, but a listing of /proc hides them. */
  #askedFor(pids: readonly number[]): readonly number[] {
    return pids.filter((pid) => {
      if (!this.#proc.exists(`${pid}/stat`)) return false;
      return valueOf(this.#proc.parse(`${pid}/status`, parseThreadGroup)) === pid;
    });
  }

  #listed(): readonly number[] {
    return (valueOf(this.#proc.numbers('.')) ?? []).filter((pid) => !this.#strangers.has(pid));
  }

  #membersAmong(pids: readonly number[], known: ReadonlyMap<number, unknown>): readonly ProcessStat[] {
    const unknown = pids
      .filter((pid) => !known.has(pid))
      .map((pid) => readStat(this.#proc, pid))
      .filter((stat) => stat !== undefined);
    const members = membersAmong(
      unknown,
      (pid) => known.has(pid),
      (candidate) => candidate.pid === this.#rootPid || joins(this.#proc, candidate, this.#membership),
    );
    for (const { pid } of unknown) if (!members.has(pid)) this.#strangers.add(pid);
    return unknown
      .filter(({ pid }) => members.has(pid))
      .sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid);
  }

  [Symbol.dispose](): void {
    this.#loadavg?.[Symbol.dispose]();
  }
}

function numbersAfter(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first }, (_, index) => first + 1 + index);
}
