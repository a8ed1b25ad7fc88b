/** What /proc says of all processes: proc_pid_stat(5). */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { escapeName } from '../../wire/process-list.ts';
import type { ProcessUse } from '../../wire/process-list.ts';

/** Longer than any line of /proc/<pid>/stat: 52 numbers and a name of at most 64 bytes. */
const buffer = Buffer.alloc(4096);

/**
 * Every process that is there. The files are read one after another without giving the thread to anybody else: they
 * are in memory, and asking a thread pool for each would cost several times as much CPU.
 */
export function readProcesses(): ProcessUse[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = readStat(pid);
      const use = stat === undefined ? undefined : parseStat(stat);
      return use ? [use] : [];
    });
}

/**
 * One line of /proc/<pid>/stat, as latin1. The name stands in parentheses and may contain anything, parentheses and
 * line ends too: it ends at the last one.
 */
export function parseStat(stat: string): ProcessUse | undefined {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  // After the name come state (field 3), ppid …; utime and stime are fields 14 and 15.
  const fields = stat.slice(close + 2).split(' ');
  const [pid, userTicks, systemTicks] = [stat.slice(0, open).trim(), fields[11], fields[12]].map(Number);
  if (pid === undefined || userTicks === undefined || systemTicks === undefined) return undefined;
  if (!Number.isSafeInteger(pid + userTicks + systemTicks)) return undefined;
  return { pid, userTicks, systemTicks, name: escapeName(stat.slice(open + 1, close)) };
}

/** Undefined of a process that ended since it was listed. */
function readStat(pid: string): string | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
