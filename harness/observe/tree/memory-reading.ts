import { setImmediate as nextTurn } from 'node:timers/promises';
import { parsePss } from '../parse/fields.ts';
import type { ProcFs } from '../proc-fs.ts';
import { readStat } from './tree.ts';
import { valueOf } from '../unreadable.ts';

/** Memory and open files of a tree, which are too costly to read at every sample. */
export interface MemoryReading {
  /** Proportional set size of the tree in bytes; null without a process or when a live one could not be read. */
  readonly pssBytes: number | null;
  /** Open files of the tree; null likewise. */
  readonly fds: number | null;
}

/**
 * Reads PSS and open files of each process, one a turn of the event loop: for PSS the kernel walks all page tables (0.03 ms
 * for a small process, a millisecond for a large one) and holds the memory map's lock. To read it off the main thread would
 * cost several times as much.
 */
export async function readMemory(pids: readonly number[], proc: ProcFs): Promise<MemoryReading> {
  const pss = new Map<number, number | undefined>();
  const fds = new Map<number, number | undefined>();
  for (const pid of pids) {
    await nextTurn();
    pss.set(pid, valueOf(proc.parse(`${pid}/smaps_rollup`, parsePss)));
    fds.set(pid, openFiles(pid, proc));
  }
  return { pssBytes: sumOfReadable(pss, proc), fds: sumOfReadable(fds, proc) };
}

/** Since Linux 6.2 the folder's size is the count; older kernels need a listing. */
function openFiles(pid: number, proc: ProcFs): number | undefined {
  // Anyone may stat the folder, even without the right to list it; its size is then 0.
  return valueOf(proc.size(`${pid}/fd`)) || valueOf(proc.list(`${pid}/fd`))?.length;
}

/** A process that has ended counts as nothing; a live one that could not be read makes the sum null. */
function sumOfReadable(byPid: ReadonlyMap<number, number | undefined>, proc: ProcFs): number | null {
  let sum: number | null = null;
  for (const [pid, figure] of byPid) {
    if (figure !== undefined) sum = (sum ?? 0) + figure;
    else if ((readStat(proc, pid)?.state ?? 'Z') !== 'Z') return null;
  }
  return sum;
}
