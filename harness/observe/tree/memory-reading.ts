import { readFile } from 'node:fs/promises';
import { parsePss } from '../parse/fields.ts';
import type { ProcFs } from '../proc-fs.ts';
import { readStat } from './tree.ts';
import { isUnreadable } from '../unreadable.ts';

/** Memory and open files of a tree: what is too costly to read at every sample. */
export interface MemoryReading {
  /** Proportional set size of the tree in bytes; null when no process, or not every live one, could be read. */
  readonly pssBytes: number | null;
  /** Open files of the tree; null likewise. */
  readonly fds: number | null;
  /** Kinds of files that could not be read. */
  readonly unreadable: readonly string[];
}

/**
 * Reads PSS and open files of each process, one after the other and off the main thread: the kernel walks all page
 * tables of a process for its PSS (milliseconds for a large one) and holds its memory map locked meanwhile.
 */
export async function readMemory(pids: readonly number[], proc: ProcFs): Promise<MemoryReading> {
  const pss: (number | null)[] = [];
  const fds: (number | null)[] = [];
  for (const pid of pids) {
    pss.push(await pssOf(pid, proc));
    fds.push(openFiles(pid, proc));
  }
  const pssBytes = sumOfReadable(pss, pids, proc);
  const openFds = sumOfReadable(fds, pids, proc);
  const unreadable = [...(pssBytes === null ? ['smaps_rollup'] : []), ...(openFds === null ? ['fd'] : [])];
  return { pssBytes, fds: openFds, unreadable };
}

async function pssOf(pid: number, proc: ProcFs): Promise<number | null> {
  try {
    const pss = parsePss(await readFile(`${proc.root}/${pid}/smaps_rollup`));
    return isUnreadable(pss) ? null : pss;
  } catch {
    return null;
  }
}

/** Since Linux 6.2 the folder's size is the count; before, the entries must be listed. */
function openFiles(pid: number, proc: ProcFs): number | null {
  const size = proc.size(`${pid}/fd`);
  // The folder's attributes are open to all, also where its content is not: then its size is 0.
  if (!isUnreadable(size) && size > 0) return size;
  const entries = proc.list(`${pid}/fd`);
  return isUnreadable(entries) ? null : entries.length;
}

/** A process that has ended in the meantime has nothing; one that lives and could not be read spoils the sum. */
function sumOfReadable(
  figures: readonly (number | null)[],
  pids: readonly number[],
  proc: ProcFs,
): number | null {
  let sum: number | null = null;
  for (const [index, figure] of figures.entries()) {
    if (figure !== null) sum = (sum ?? 0) + figure;
    else if ((readStat(proc, pids[index] ?? 0)?.state ?? 'Z') !== 'Z') return null;
  }
  return sum;
}
