/** What a harness that was killed together with its guard has left running: found and killed by the next one. */
import { ProcFs } from '../observe/proc-fs.ts';
import { isAlive, readStat, SERVER_MARK } from '../observe/tree/tree.ts';
import { isUnreadable, valueOf } from '../observe/unreadable.ts';

/** A mark begins with the pid and the start time of the harness, so that a pid that was given again is told apart. */
const OWNER = new RegExp(`(?:^|\\0)${SERVER_MARK}=(\\d+)-(\\d+)-`);

let count = 0;

/** A mark that no other rig has: letters, digits and `-`. */
export function newMark(): string {
  const { startTicks = 0 } = readStat(new ProcFs(), process.pid) ?? {};
  return `${process.pid}-${startTicks}-${count++}`;
}

/** Kills every process that carries the mark of a harness that is no longer alive. @returns how many there were */
export function killLeftovers(): number {
  const proc = new ProcFs();
  let killed = 0;
  for (const pid of valueOf(proc.numbers('.')) ?? []) {
    const environment = proc.text(`${pid}/environ`);
    const [, owner, startTicks] = (!isUnreadable(environment) && OWNER.exec(environment)) || [];
    if (owner === undefined || isAlive({ pid: Number(owner), startTicks: Number(startTicks) }, proc))
      continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed++;
    } catch {
      // It has ended in the meantime.
    }
  }
  return killed;
}
