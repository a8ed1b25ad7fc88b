import { Discovery } from './discovery.ts';
import type { ProcFs } from '../proc-fs.ts';
import type { Membership } from './tree.ts';
import { WatchedProcess, type Look } from './watched-process.ts';
import type { ProcessFigures } from '../parse/process.ts';

/** How much a look at the tree brings. */
export interface TreeLook {
  /** Everything as of now; otherwise processes that sleep, and memory of those that run, are read in turn. */
  readonly whole: boolean;
  /** Whether CPU time is wanted from the processes: of those that run, at every look. */
  readonly threads: boolean;
  /** Milliseconds from one such look to the next. */
  readonly periodMs: number;
}

/** What a look found. */
export interface TreeChange {
  /** Members that have run and were read, parents before their children. */
  readonly ran: Iterable<WatchedProcess>;
  /** Numbers of members that have ended. */
  readonly ended: readonly number[];
}

/**
 * Everybody has a turn in ten looks, and in two seconds: a process that sleeps to be looked at, and one that runs a
 * little to have its memory, threads and ended children read.
 */
const MOST_TURNS = 10;
const ROUND_MS = 2000;
/** So many have their turn at every look in any case: a smaller tree is always read whole. */
const FEWEST_A_TURN = 50;

/** Follows a tree's membership and figures from look to look, and reads no more of it than may have changed. */
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

  /** Finds new members, reads those that are due, and lets those go that have ended. */
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
    // Whoever waited for a child has its time now: every process must be read after that one, so that the child is
    // not taken to live still, and before the next look, which may find the child's time with somebody else.
    if (whole || pass.disturbed) {
      const all = { threads, started, figures: true };
      for (const process of this.processes.values()) this.#examine(process, all, pass);
    }
    this.#ended = pass.ended;
    return pass;
  }

  /** Whose turn it is at this look; those that are new always have one. */
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

/** What a look has found so far. */
interface Pass {
  readonly ran: Set<WatchedProcess>;
  readonly ended: number[];
  /** A member ended, or was found to have waited for one. */
  disturbed: boolean;
}

/** Sums over the living processes of a tree, kept up by what changes: a sample need not touch those that sleep. */
export class TreeTotals {
  processes = 0;
  threads = 0;
  rssPages = 0;
  /** In ticks, with what children that ended had. */
  userTicks = 0;
  systemTicks = 0;

  /** @param sign 1 for a process that is new, -1 for one that is gone */
  count(figures: ProcessFigures, sign: 1 | -1): void {
    this.processes += sign;
    this.threads += sign * figures.threads;
    this.rssPages += sign * figures.rssPages;
    this.userTicks += sign * (figures.userTicks + figures.childUserTicks);
    this.systemTicks += sign * (figures.systemTicks + figures.childSystemTicks);
  }
}
