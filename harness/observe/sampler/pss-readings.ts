/**
 * When PSS of a tree is read, and what was seen. For PSS the kernel walks every page table of a process, and holds the lock
 * of its memory map meanwhile: 0.1 ms for a small process, several ms for a large one. So it is read at moments that are
 * asked for, and besides only when RSS says that the tree has grown and the reading is cheap beside the load so far.
 */
import { readMemory, readPssWithin, type MemoryReading } from '../tree/memory-reading.ts';
import type { ProcFs } from '../proc-fs.ts';
import type { ResourceUse } from '../../results/schema/trial.ts';

/** Readings that nobody asked for may cost this share of a core over the load so far, … */
const SHARE = 0.01;
/** … and this much in any load, in ms of CPU time: one reading of a small tree at the height of a short load. */
const ALLOWANCE_MS = 2;
/** A tree whose RSS grew by less than this share since the last reading is not read again. */
const GROWN = 1.05;

/** The last reading has to be there by then, in ms: later it would be one of after the load. */
const LAST_MS = 250;

/** The tree as the last sample saw it. */
export interface TreeSize {
  readonly pids: readonly number[];
  readonly rssBytes: number;
}

type PssUse = Pick<ResourceUse, 'readyPssBytes' | 'peakPssBytes' | 'pssReadings' | 'pssReadAtRssBytes'>;

export class PssReadings {
  readonly #proc: ProcFs;
  readonly #nowMs: () => number;
  readonly #cpuMs: () => number;
  /** Since the reading at readiness; undefined before. Without one nothing is known of the cost, and nothing is read. */
  #sinceMs: number | undefined;
  #spentMs = 0;
  #costEachMs = 0;
  #running: Promise<unknown> | undefined;
  #use: PssUse = { readyPssBytes: null, peakPssBytes: null, pssReadings: 0, pssReadAtRssBytes: null };

  /**
   * @param nowMs monotonic time
   * @param cpuMs CPU time of this process. A reading is charged with all of it: what else is done meanwhile makes the
   *   reading seem dearer, never cheaper
   */
  constructor(proc: ProcFs, nowMs: () => number, cpuMs = processCpuMs) {
    this.#proc = proc;
    this.#nowMs = nowMs;
    this.#cpuMs = cpuMs;
  }

  get use(): PssUse {
    return this.#use;
  }

  /** Reads at readiness: what later readings are compared with, and what one of them costs. */
  async readReady(size: TreeSize): Promise<void> {
    const { pssBytes } = await this.read(size);
    this.#use = { ...this.#use, readyPssBytes: pssBytes };
    this.#sinceMs = this.#nowMs();
    this.#spentMs = 0;
  }

  /** Reads now, once a reading under way is done. */
  async read({ pids, rssBytes }: TreeSize): Promise<MemoryReading> {
    await this.#running;
    const reading = this.#measure(pids);
    this.#running = reading;
    this.#note((await reading).pssBytes, rssBytes);
    return await reading;
  }

  #note(pssBytes: number | null, rssBytes: number): void {
    if (pssBytes === null) return;
    const { peakPssBytes, pssReadings, pssReadAtRssBytes } = this.#use;
    this.#use = {
      ...this.#use,
      peakPssBytes: Math.max(pssBytes, peakPssBytes ?? 0),
      pssReadings: pssReadings + 1,
      pssReadAtRssBytes: Math.max(rssBytes, pssReadAtRssBytes ?? 0),
    };
  }

  /** Reads a tree that has grown, if that is affordable. */
  offer(size: TreeSize): void {
    if (this.#sinceMs === undefined || this.#running !== undefined) return;
    if (size.rssBytes < GROWN * (this.#use.pssReadAtRssBytes ?? 0)) return;
    const allowedMs = Math.max(ALLOWANCE_MS, (this.#nowMs() - this.#sinceMs) * SHARE);
    if (this.#spentMs + this.#costEachMs * size.pids.length <= allowedMs) void this.read(size);
  }

  /** Reads once more, right after the load, if that does not take long; nothing where PSS was not read at readiness. */
  async readLast({ pids, rssBytes }: TreeSize): Promise<void> {
    const asked = this.#sinceMs !== undefined;
    this.#sinceMs = undefined;
    await this.#running;
    if (asked) this.#note(await readPssWithin(LAST_MS, pids, this.#proc), rssBytes);
  }

  async #measure(pids: readonly number[]): Promise<MemoryReading> {
    const beforeMs = this.#cpuMs();
    const reading = await readMemory(pids, this.#proc);
    const costMs = this.#cpuMs() - beforeMs;
    this.#spentMs += costMs;
    this.#costEachMs = costMs / Math.max(1, pids.length);
    this.#running = undefined;
    return reading;
  }
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
