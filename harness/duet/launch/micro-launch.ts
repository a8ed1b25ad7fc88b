/** One launch of the micro-benchmarks: a process for each side, and rounds that both run at the same time or in turn. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UnfitError } from '../../errors.ts';
import { MICRO_BENCHMARKS } from '../micro/benchmarks.ts';
import type { MicroTimes } from '../micro/rounds.ts';
import { SERVER_MARK } from '../../observe/tree/tree.ts';
import { signalGroup } from '../../rig/server-process.ts';
import type { MicroSubject, PlannedLaunch } from '../planning/plan.ts';
import type { Figures, LaunchOutcome } from '../records.ts';
import type { Pair } from './arrangement.ts';
import { keeperOf } from './exchange.ts';
import type { Apparatus } from './server-launch.ts';
import { SideFailure, type SideName } from './server-arm.ts';

const PROGRAM = fileURLToPath(new URL('../micro/main.ts', import.meta.url));

/** One benchmark of a round must have come to its end by then, in ms. */
const ROUND_DEADLINE_MS = 60_000;

/** A process that runs rounds on one checkout. */
class MicroSide implements AsyncDisposable {
  readonly pid: number;
  readonly #name: SideName;
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #stderr = '';

  private constructor(name: SideName, node: string, root: string, mark: string) {
    this.#name = name;
    this.#process = spawn(node, [PROGRAM, '--rounds', '--root', root], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, [SERVER_MARK]: mark },
    });
    this.#ended = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', (error) => {
        this.#stderr += error.message;
        resolve();
      });
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#process.stdin?.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#process.stdout! });
    this.#answers = this.#lines[Symbol.asyncIterator]();
    this.pid = this.#process.pid ?? 0;
  }

  /** Starts it and waits until it has loaded what it measures. @throws SideFailure */
  static async start(
    { name, node, root, mark }: { name: SideName; node: string; root: string; mark: string },
    signal: AbortSignal,
  ): Promise<MicroSide> {
    const side = new MicroSide(name, node, root, mark);
    try {
      await side.#line(signal);
      return side;
    } catch (error) {
      await side[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** One round over all benchmarks. @throws SideFailure */
  async round(perBenchmarkMs: number, signal: AbortSignal): Promise<MicroTimes> {
    this.#process.stdin?.write(`${perBenchmarkMs}\n`);
    return JSON.parse(await this.#line(signal)) as MicroTimes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.pid > 0) signalGroup(this.pid, 'SIGKILL');
    await this.#ended;
    this.#lines.close();
  }

  async #line(signal: AbortSignal): Promise<string> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(ROUND_DEADLINE_MS)]);
    const kill = (): void => {
      if (this.pid > 0) signalGroup(this.pid, 'SIGKILL');
    };
    over.addEventListener('abort', kill, { once: true });
    if (over.aborted) kill();
    try {
      const { value, done } = await this.#answers.next();
      signal.throwIfAborted();
      if (done !== true) return value;
      const words = this.#stderr.trim().slice(-2000);
      throw new SideFailure(
        this.#name,
        `The micro-benchmarks ended early.${words ? ` Their last words: ${words}` : ''}`,
      );
    } finally {
      over.removeEventListener('abort', kill);
    }
  }
}

/** Where a side of the micro-benchmarks lies, and the node that runs it. */
export interface MicroBuild {
  readonly root: string;
  readonly node: string;
}

/** Makes one launch of the micro-benchmarks: a warm-up, then slices. */
export async function launchMicro(
  subject: MicroSubject,
  launch: PlannedLaunch,
  builds: Pair<MicroBuild>,
  { cores, marks, guards, timing }: Apparatus,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const { first, pattern } = launch;
  const order: readonly SideName[] = first === 'base' ? ['base', 'other'] : ['other', 'base'];
  const sides = new Map<SideName, MicroSide>();
  const share = (ms: number): number => Math.max(1, Math.round(ms / MICRO_BENCHMARKS.length));
  const pinned = subject.arrangement === 'in-turn' ? null : cores;
  const roundOf = async (name: SideName, ms: number): Promise<Figures> =>
    figuresOf(await sides.get(name)!.round(share(ms), signal));
  const both = async (ms: number, slice: number): Promise<Pair<Figures>> => {
    const side = pattern[slice] ?? 0;
    if (pinned) {
      const keep = keeperOf(subject.arrangement);
      await using _ = await keep(
        [[sides.get('base')!.pid], [sides.get('other')!.pid]],
        side === 1 ? [pinned[1], pinned[0]] : pinned,
      );
      const [base, other] = await Promise.all([roundOf('base', ms), roundOf('other', ms)]);
      return { base, other };
    }
    const figures: Partial<Record<SideName, Figures>> = {};
    const turns: readonly SideName[] = side === 0 ? ['base', 'other'] : ['other', 'base'];
    for (const name of turns) figures[name] = await roundOf(name, ms);
    return figures as Pair<Figures>;
  };
  try {
    for (const name of order) {
      const side = await MicroSide.start({ name, ...builds[name], mark: marks[name] }, signal);
      sides.set(name, side);
      guards[name].watch([side.pid]);
    }
    await both(timing.warmupMs, 0);
    const slices: Pair<Figures>[] = [];
    for (let i = 0; i < timing.slices; i++) slices.push(await both(timing.sliceMs, i));
    const of = (name: SideName) => ({ slices: slices.map((slice) => slice[name]) });
    return { status: 'completed', base: of('base'), other: of('other') };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SideFailure) return { status: 'failed', side: error.side, reason: error.message };
    if (error instanceof UnfitError) return { status: 'failed', side: 'both', reason: error.message };
    throw error;
  } finally {
    await Promise.all([...sides.values()].map((side) => side[Symbol.asyncDispose]()));
  }
}

/** In µs, the unit of the metrics; a benchmark that could not be run has no figure. */
function figuresOf(times: MicroTimes): Figures {
  const figures: Record<string, number> = {};
  for (const [id, time] of Object.entries(times)) if (typeof time === 'number') figures[id] = time / 1000;
  return figures;
}
