/** What still runs of a Holdfast that has been killed. */
import { ProcFs } from '../../observe/proc-fs.ts';
import { readStat, SERVER_MARK } from '../../observe/tree/tree.ts';
import { isUnreadable, valueOf } from '../../observe/unreadable.ts';

/** Pids of all processes that carry a mark of the harness with this pid. */
export function markedBy(harnessPid: number): number[] {
  return having('environ', `${SERVER_MARK}=${harnessPid}-`);
}

/** Pids of its guards, which outlive it. */
export function guardsOf(harnessPid: number): number[] {
  const proc = new ProcFs();
  return having('cmdline', 'holdfast-guard').filter((pid) => readStat(proc, pid)?.parentPid === harnessPid);
}

function having(file: 'environ' | 'cmdline', word: string): number[] {
  const proc = new ProcFs();
  return (valueOf(proc.numbers('.')) ?? []).filter((pid) => {
    const text = proc.text(`${pid}/${file}`);
    return !isUnreadable(text) && text.split('\0').some((part) => part.startsWith(word));
  });
}
