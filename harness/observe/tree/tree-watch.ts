import { Discovery } from './discovery.ts';
import type { ProcFs } from '../proc-fs.ts';
import type { Membership } from './tree.ts';
import { WatchedProcess, type Look } from './watched-process.ts';
import type { ProcessFigures } from '../parse/process.ts';

/** What one look at the tree must read. */
export interface TreeLook {
  /** Read everything now; otherwise sleeping processes, and the memory of running ones, are read in rotation. */
  readonly whole: boolean;
  /** Read the CPU time of the running processes at every look. */
  readonly threads: boolean;
  /** Milliseconds between looks. */
  readonly periodMs: number;
}

/** What a look found. */
export interface TreeChange {
  /** Members that were read and have run, parents before their children. */
  readonly ran: Iterable<WatchedProcess>;
  /** Pids of members that have ended. */
  readonly ended: readonly number[];
}

/** Each process is read in full (memory, threads, ended children) within ten looks and two seconds. */
const MOST_TURNS = 10;
const ROUND_MS = 2000;
/** At least this many are read at every look, so a smaller tree is always read whole. */
const FEWEST_A_TURN = 50;

/** Tracks the members and figures of a tree, reading only what may have changed. */
export class TreeWatch implements Disposable {
  /** Members by pid, parents before their children. */
  readonly processes = new Map<number, WatchedProcess>();
  readonly totals = new TreeTotals();
  readonly #proc: ProcFs;
  readonly #discovery: Discovery;
  #looks = 0;
  #serial = 0;
  /** Members that ended at the last look. */
  #ended: readonly number[] = [];

  constructor(proc: ProcFs, rootPid: number, membership: Membership) {
    this.#proc = proc;
    this.#discovery = new Discovery(proc, rootPid, membership);
  }

  /** Finds new members, reads those that are due, and drops those that have ended. */
  look({ whole, threads, periodMs }: TreeLook): TreeChange {
    const { started, members } = this.#discovery.find(this.processes, this.#ended, whole);
    for (const figures of members) {
      this.totals.count(figures, 1);
      this.processes.set(figures.pid, new WatchedProcess(this.#proc, figures, this.#serial++));
    }
    const pass: Pass = { ran: new Set(), ended: [], disturbed: this.#ended.length > 0 };
    const hasTurn = this.#turn(periodMs);
    if (!whole && !pass.disturbed) {
      for (const process of this.processes.values()) {
        const figures = hasTurn(process);
        if (figures || (threads && process.ran)) this.#examine(process, { threads, started, figures }, pass);
      }
    }
    // A parent that waited for a child now holds its CPU time. Read every process again, after that parent and before
    // the next look, so that the child's time is counted once.
    if (whole || pass.disturbed) {
      const all = { threads, started, figures: true };
      for (const process of this.processes.values()) this.#examine(process, all, pass);
    }
    this.#ended = pass.ended;
    return pass;
  }

  /** Selects the processes to read at this look; new ones are always included. */
  #turn(periodMs: number): (process: WatchedProcess) => boolean {
    const needed = Math.floor(this.processes.size / FEWEST_A_TURN);
    const turns = Math.max(1, Math.min(needed, MOST_TURNS, Math.floor(ROUND_MS / periodMs)));
    const turn = this.#looks++ % turns;
    return ({ serial, activity }) => activity === 0 || serial % turns === turn;
  }

  #examine(process: WatchedProcess, look: Look, pass: Pass): void {
    const before = process.figures;
    const seen = process.look(look);
    if (seen === 'gone') {
      this.totals.count(before, -1);
      process[Symbol.dispose]();
      this.processes.delete(process.pid);
      pass.ran.delete(process);
      pass.ended.push(process.pid);
      pass.disturbed = true;
      return;
    }
    const after = process.figures;
    if (seen === 'ran') pass.ran.add(process);
    if (after === before) return;
    this.totals.count(before, -1);
    this.totals.count(after, 1);
    if (after.childUserTicks + after.childSystemTicks > before.childUserTicks + before.childSystemTicks) {
      pass.disturbed = true;
    }
  }

  [Symbol.dispose](): void {
    this.#discovery[Symbol.dispose]();
    for (const process of this.processes.values()) process[Symbol.dispose]();
    this.processes.clear();
  }
}

interface Pass {
  readonly ran: Set<WatchedProcess>;
  readonly ended: number[];
  /** A member has ended, or has waited for one. */
  disturbed: boolean;
}

/** Running sums over the live processes of a tree, so that a sample need not visit sleeping ones. */
export class TreeTotals {
  processes = 0;
  threads = 0;
  rssPages = 0;
  /** In ticks, ended children included. */
  userTicks = 0;
  systemTicks = 0;

  /** @param sign 1 adds a process, -1 removes it */
  count(figures: ProcessFigures, sign: 1 | -1): void {
    this.processes += sign;
    this.threads += sign * figures.threads;
    this.rssPages += sign * figures.rssPages;
    this.userTicks += sign * (figures.userTicks + figures.childUserTicks);
    this.systemTicks += sign * (figures.systemTicks + figures.childSystemTicks);
  }
}
