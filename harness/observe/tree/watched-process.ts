import type { ProcessReading } from '../cpu/cpu-ledger.ts';
import { cpuNsOf, parseFigures, type ProcessFigures } from '../parse/process.ts';
import { malformed } from '../parse/scan.ts';
import type { ProcFs, ProcHandle } from '../proc-fs.ts';
import { isUnreadable, type Unreadable } from '../unreadable.ts';

/** What one look at a process must read. */
export interface Look {
  /** Read the CPU time of every thread, not only that of the process. */
  readonly threads: boolean;
  /** False when no process or thread was started on the whole machine since the last look. */
  readonly started: boolean;
  /** Figures other than CPU time must be current; otherwise they may be some looks old. */
  readonly figures: boolean;
}

/** `idle`: unchanged since the last look. `ran`: it was on a CPU, or may have been. */
export type Seen = 'idle' | 'ran' | 'gone';

/** After this much CPU time the figures of a process count as outdated. */
const STALE_NS = 1e6;

const line = Buffer.allocUnsafe(4096);
/** Holds three numbers of at most 20 digits. A short buffer makes the read cheaper. */
const times = Buffer.allocUnsafe(128);

/** One observed process. Its files are held open as far as the reader allows. */
export class WatchedProcess implements Disposable {
  readonly pid: number;
  readonly startTicks: number;
  /** Unique among the watched processes; decides in which samples an idle process is read. */
  readonly serial: number;
  /** CPU time as of the last look; the rest as of the last look with `figures`. */
  figures: ProcessFigures;
  /** It ran, or may have run, between the last two looks. */
  ran = true;
  /** Counts the looks that saw it run: while unchanged, so is everything about the process. */
  activity = 0;
  /** Nanoseconds on a CPU by thread; undefined when the last look did not read them or could not. */
  #threadNs: ReadonlyMap<number, number> | undefined;
  /** CPU time of a single-threaded process at the last look and at the last figures; NaN for others. */
  #onlyThreadNs = Number.NaN;
  #figuresAtNs = Number.NaN;
  readonly #proc: ProcFs;
  readonly #statFile: ProcHandle | undefined;
  /** Open schedstat file by thread; undefined where it must be opened for each reading. */
  readonly #threads = new Map<number, ProcHandle | undefined>();

  constructor(proc: ProcFs, figures: ProcessFigures, serial = 0) {
    this.pid = figures.pid;
    this.startTicks = figures.startTicks;
    this.serial = serial;
    this.figures = figures;
    this.#proc = proc;
    this.#statFile = proc.open(`${figures.pid}/stat`);
  }

  /** Reads what has changed. */
  look(look: Look): Seen {
    const seen = this.#glance(look) ?? this.#read(look);
    this.ran = seen === 'ran';
    if (this.ran) this.activity += 1;
    return seen;
  }

  /**
   * For a single-threaded process, one cheap file shows whether it ran. If it did not, nothing about it changed: it
   * cannot start a thread, wait for a child or touch memory without running. If it ran a little and nothing was started
   * on the machine, it has no new threads or children, and its memory can be read later. Undefined: read more.
   */
  #glance({ started, figures }: Look): Seen | undefined {
    const before = this.#onlyThreadNs;
    // A process that ran last time has probably run again; its thread must be read after its figures anyway.
    if (Number.isNaN(before) || (this.ran && (figures || started))) return undefined;
    const ns = this.#readThread(this.pid);
    if (ns === before && ns === this.#figuresAtNs) return 'idle';
    if (isUnreadable(ns) || ns === before || started || figures || ns - this.#figuresAtNs > STALE_NS)
      return undefined;
    this.#threadNs = new Map([[this.pid, ns]]);
    this.#onlyThreadNs = ns;
    return 'ran';
  }

  #read(look: Look): Seen {
    const bytes = this.#statFile?.read(line) ?? this.#proc.read(`${this.pid}/stat`);
    const figures = isUnreadable(bytes) ? bytes : parseFigures(bytes);
    // Without a free descriptor nothing can be read; assume no change.
    if (isUnreadable(figures)) return figures.unreadable === 'exhausted' ? 'idle' : 'gone';
    if (figures.startTicks !== this.startTicks) return 'gone';
    this.figures = figures;
    const before = this.#threadNs;
    // Threads after the process: the ledger needs this order to infer ended threads.
    const after = look.threads || figures.threads === 1 ? this.#readThreads(look.started) : undefined;
    this.#threadNs = after;
    this.#onlyThreadNs = figures.threads === 1 ? (after?.get(this.pid) ?? Number.NaN) : Number.NaN;
    this.#figuresAtNs = this.#onlyThreadNs;
    return sameTimes(before, after) ? 'idle' : 'ran';
  }

  /** CPU times of the last look, for the ledger. */
  reading(tickNs: number): ProcessReading {
    const {
      pid,
      startTicks,
      parentPid,
      userTicks,
      systemTicks,
      childUserTicks,
      childSystemTicks,
      childFaults,
    } = this.figures;
    const ticksNs = (userTicks + systemTicks) * tickNs;
    const childTicksNs = (childUserTicks + childSystemTicks) * tickNs;
    return { pid, startTicks, parentPid, ticksNs, childTicksNs, childFaults, threadNs: this.#threadNs };
  }

  #readThreads(started: boolean): ReadonlyMap<number, number> | undefined {
    if (started || this.#threads.size !== this.figures.threads) this.#listThreads();
    const nsByThread = new Map<number, number>();
    for (const tid of this.#threads.keys()) {
      const ns = this.#readThread(tid);
      if (!isUnreadable(ns)) nsByThread.set(tid, ns);
      else this.#forget(tid);
    }
    return nsByThread.size > 0 ? nsByThread : undefined;
  }

  #listThreads(): void {
    const listed = this.figures.threads === 1 ? [this.pid] : this.#proc.numbers(`${this.pid}/task`);
    const tids = new Set(isUnreadable(listed) ? [] : listed);
    for (const tid of this.#threads.keys()) if (!tids.has(tid)) this.#forget(tid);
    for (const tid of tids) {
      if (!this.#threads.has(tid)) this.#threads.set(tid, this.#proc.open(this.#threadPath(tid)));
    }
  }

  #readThread(tid: number): number | Unreadable {
    const file = this.#threads.get(tid);
    const bytes = file === undefined ? this.#proc.read(this.#threadPath(tid)) : times;
    const length = file === undefined ? (isUnreadable(bytes) ? bytes : bytes.length) : file.fill(times);
    if (isUnreadable(bytes)) return bytes;
    if (isUnreadable(length)) return length;
    const ns = cpuNsOf(bytes, length);
    return Number.isNaN(ns) ? malformed('schedstat') : ns;
  }

  #threadPath(tid: number): string {
    return `${this.pid}/task/${tid}/schedstat`;
  }

  #forget(tid: number): void {
    this.#threads.get(tid)?.[Symbol.dispose]();
    this.#threads.delete(tid);
  }

  [Symbol.dispose](): void {
    this.#statFile?.[Symbol.dispose]();
    for (const tid of this.#threads.keys()) this.#forget(tid);
  }
}

/** Whether the threads are the same and none has run. A thread that ended has run. */
function sameTimes(
  before: ReadonlyMap<number, number> | undefined,
  after: ReadonlyMap<number, number> | undefined,
): boolean {
  if (before === undefined || after === undefined || before.size !== after.size) return false;
  for (const [tid, ns] of after) if (before.get(tid) !== ns) return false;
  return true;
}
