import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { parsePss } from '../parse/fields.ts';
import type { ProcFs } from '../proc-fs.ts';
import { readStat } from './tree.ts';
import { isUnreadable, valueOf } from '../unreadable.ts';

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

/**
 * PSS of a tree in bytes, read off the main thread; null where it cannot be read or takes longer than so many ms. While the
 * threads of a process are mapping memory (a runtime starts in each), whoever wants its memory map's lock waits for seconds.
 */
export async function readPssWithin(
  ms: number,
  pids: readonly number[],
  proc: ProcFs,
): Promise<number | null> {
  const pss = new Map<number, number | undefined>();
  const reading = Promise.all(
    pids.map(async (pid) => {
      const bytes = await readFile(`${proc.root}/${pid}/smaps_rollup`).catch(() => undefined);
      const figure = bytes && parsePss(bytes);
      pss.set(pid, figure === undefined || isUnreadable(figure) ? undefined : figure);
    }),
  );
  const late = await Promise.race([reading, sleep(ms, 'late' as const, { ref: false })]);
  return late === 'late' ? null : sumOfReadable(pss, proc);
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
