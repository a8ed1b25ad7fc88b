import type { ProcessReading } from '../cpu/cpu-ledger.ts';
import { cpuNsOf, parseFigures, type ProcessFigures } from '../parse/process.ts';
import { malformed } from '../parse/scan.ts';
import type { ProcFs, ProcHandle } from '../proc-fs.ts';
import { isUnreadable, type Unreadable } from '../unreadable.ts';

/** What one look at a process should bring. */
export interface Look {
  /** Whether to read every thread's CPU time, or only what the whole process tells. */
  readonly threads: boolean;
  /** False when no process or thread was started on the machine since the last look. */
  readonly started: boolean;
  /** Whether figures other than CPU time must be as of now, or may be some looks old. */
  readonly figures: boolean;
}

/** `idle`: as it was at the last look. `ran`: it was on a CPU, or whether it was cannot be told. */
export type Seen = 'idle' | 'ran' | 'gone';

/** So much CPU time after its last figures a process is taken to have changed them. */
const STALE_NS = 1e6;

const line = Buffer.allocUnsafe(4096);
/** Three numbers of at most 20 digits. A short buffer is cheaper to hand to the kernel. */
const times = Buffer.allocUnsafe(128);

/** One process under observation, with its files held open as far as the reader allows. */
export class WatchedProcess implements Disposable {
  readonly pid: number;
  readonly startTicks: number;
  /** A number of its own among the watched: it says in which samples an idle process has its turn. */
  readonly serial: number;
  /** CPU time is as of the last look; the others as of the last look at which they had to be. */
  figures: ProcessFigures;
  /** Whether it was on a CPU between the last two looks, as far as can be told. */
  ran = true;
  /** Grows with every look that saw it run: unchanged means that nothing of the process has changed. */
  activity = 0;
  /** Nanoseconds on a CPU by thread; undefined when not read with the last look or not offered. */
  #threadNs: ReadonlyMap<number, number> | undefined;
  /** Of a process of one thread its CPU time at the last look, NaN for others; and at the last figures. */
  #onlyThreadNs = Number.NaN;
  #figuresAtNs = Number.NaN;
  readonly #proc: ProcFs;
  readonly #statFile: ProcHandle | undefined;
  /** Open files of the threads' times by thread; undefined where only reading afresh is possible. */
  readonly #threads = new Map<number, ProcHandle | undefined>();

  constructor(proc: ProcFs, figures: ProcessFigures, serial = 0) {
    this.pid = figures.pid;
    this.startTicks = figures.startTicks;
    this.serial = serial;
    this.figures = figures;
    this.#proc = proc;
    this.#statFile = proc.open(`${figures.pid}/stat`);
  }

  /** Reads what is new. */
  look(look: Look): Seen {
    const seen = this.#glance(look) ?? this.#read(look);
    this.ran = seen === 'ran';
    if (this.ran) this.activity += 1;
    return seen;
  }

  /**
   * A process of one thread tells by one cheap file whether it ran. If it did not, it is as it was: it could not start
   * a thread, wait for a child or touch memory without running. If it ran a little and nothing was started anywhere,
   * it has neither new threads nor new children, and its memory may wait until it rests or has its turn. Undefined when
   * more must be read.
   */
  #glance({ started, figures }: Look): Seen | undefined {
    const before = this.#onlyThreadNs;
    // One that ran last time will have run again, and needs its thread read after its figures anyway.
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
    // Without a descriptor to look with, all is taken to be as it was.
    if (isUnreadable(figures)) return figures.unreadable === 'exhausted' ? 'idle' : 'gone';
    if (figures.startTicks !== this.startTicks) return 'gone';
    this.figures = figures;
    const before = this.#threadNs;
    // The threads after the process: the ledger's proof that some have ended needs this order.
    const after = look.threads || figures.threads === 1 ? this.#readThreads(look.started) : undefined;
    this.#threadNs = after;
    this.#onlyThreadNs = figures.threads === 1 ? (after?.get(this.pid) ?? Number.NaN) : Number.NaN;
    this.#figuresAtNs = this.#onlyThreadNs;
    return sameTimes(before, after) ? 'idle' : 'ran';
  }

  /** The last look's CPU times for the ledger. */
  reading(tickNs: number): ProcessReading {
    const { pid, startTicks, parentPid, userTicks, systemTicks, childUserTicks, childSystemTicks } =
      this.figures;
    const ticksNs = (userTicks + systemTicks) * tickNs;
    const childTicksNs = (childUserTicks + childSystemTicks) * tickNs;
    return { pid, startTicks, parentPid, ticksNs, childTicksNs, threadNs: this.#threadNs };
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

/** Whether the same threads are there and none of them has run. Threads that end have run. */
function sameTimes(
  before: ReadonlyMap<number, number> | undefined,
  after: ReadonlyMap<number, number> | undefined,
): boolean {
  if (before === undefined || after === undefined || before.size !== after.size) return false;
  for (const [tid, ns] of after) if (before.get(tid) !== ns) return false;
  return true;
}
