import { readFile } from 'node:fs/promises';
import { parsePss } from '../parse/fields.ts';
import type { ProcFs } from '../proc-fs.ts';
import { readStat } from './tree.ts';
import { valueOf } from '../unreadable.ts';

/** Memory and open files of a tree: what is too costly to read at every sample. */
export interface MemoryReading {
  /** Proportional set size of the tree in bytes; null when no process, or not every live one, could be read. */
  readonly pssBytes: number | null;
  /** Open files of the tree; null likewise. */
  readonly fds: number | null;
}

/**
 * Reads PSS and open files of each process, one after the other and off the main thread: the kernel walks all page
 * tables of a process for its PSS (milliseconds for a large one) and holds its memory map locked meanwhile.
 */
export async function readMemory(pids: readonly number[], proc: ProcFs): Promise<MemoryReading> {
  const pss = new Map<number, number | undefined>();
  const fds = new Map<number, number | undefined>();
  for (const pid of pids) {
    const rollup = await readFile(`${proc.root}/${pid}/smaps_rollup`).catch(() => undefined);
    pss.set(pid, rollup && valueOf(parsePss(rollup)));
    fds.set(pid, openFiles(pid, proc));
  }
  return { pssBytes: sumOfReadable(pss, proc), fds: sumOfReadable(fds, proc) };
}

/** Since Linux 6.2 the folder's size is the count; before, the entries must be listed. */
function openFiles(pid: number, proc: ProcFs): number | undefined {
  // The folder's attributes are open to all, also where its content is not: then its size is 0.
  return valueOf(proc.size(`${pid}/fd`)) || valueOf(proc.list(`${pid}/fd`))?.length;
}

/** A process that has ended in the meantime has nothing; one that lives and could not be read spoils the sum. */
function sumOfReadable(byPid: ReadonlyMap<number, number | undefined>, proc: ProcFs): number | null {
  let sum: number | null = null;
  for (const [pid, figure] of byPid) {
    if (figure !== undefined) sum = (sum ?? 0) + figure;
    else if ((readStat(proc, pid)?.state ?? 'Z') !== 'Z') return null;
  }
  return sum;
}
