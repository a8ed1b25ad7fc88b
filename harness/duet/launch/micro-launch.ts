/** One launch of the micro-benchmarks: a process for each arm, and rounds that both run at the same time or in turn. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UnfitError } from '../../errors.ts';
import { MICRO_BENCHMARKS } from '../micro/benchmarks.ts';
import type { MicroTimes } from '../micro/rounds.ts';
import { SERVER_MARK } from '../../observe/tree/tree.ts';
import { signalGroup } from '../../rig/server-process.ts';
import type { MicroSubject, PlannedLaunch } from '../../results/schema/duet-plan.ts';
import type { Figures, LaunchOutcome } from '../../results/schema/duet-launch.ts';
import type { Pair } from './arrangement.ts';
import { keeperOf } from './exchange.ts';
import type { DuetRig } from './server-launch.ts';
import { ArmFailure, type ArmName } from './server-arm.ts';

const PROGRAM = fileURLToPath(new URL('../micro/main.ts', import.meta.url));

/** One benchmark of a round must have come to its end by then, in ms. */
const ROUND_DEADLINE_MS = 60_000;

/** A process that runs rounds on one checkout. */
class MicroArm implements AsyncDisposable {
  readonly pid: number;
  readonly #name: ArmName;
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #stderr = '';

  private constructor(name: ArmName, node: string, root: string, mark: string) {
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

  /** Starts it and waits until it has loaded what it measures. @throws ArmFailure */
  static async start(
    { name, node, root, mark }: { name: ArmName; node: string; root: string; mark: string },
    signal: AbortSignal,
  ): Promise<MicroArm> {
    const arm = new MicroArm(name, node, root, mark);
    try {
      await arm.#line(signal);
      return arm;
    } catch (error) {
      await arm[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** One round over all benchmarks. @throws ArmFailure */
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
      throw new ArmFailure(
        this.#name,
        `The micro-benchmarks ended early.${words ? ` Their last words: ${words}` : ''}`,
      );
    } finally {
      over.removeEventListener('abort', kill);
    }
  }
}

/** Where an arm of the micro-benchmarks lies, and the node that runs it. */
export interface MicroBuild {
  readonly root: string;
  readonly node: string;
}

/** Makes one launch of the micro-benchmarks: a warm-up, then slices. */
export async function launchMicro(
  subject: MicroSubject,
  launch: PlannedLaunch,
  builds: Pair<MicroBuild>,
  { cores, marks, guards, timing }: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const { first, pattern } = launch;
  const order: readonly ArmName[] = first === 'base' ? ['base', 'head'] : ['head', 'base'];
  const arms = new Map<ArmName, MicroArm>();
  const share = (ms: number): number => Math.max(1, Math.round(ms / MICRO_BENCHMARKS.length));
  const pinned = subject.arrangement === 'in-turn' ? null : cores;
  const roundOf = async (name: ArmName, ms: number): Promise<Figures> =>
    figuresOf(await arms.get(name)!.round(share(ms), signal));
  const both = async (ms: number, slice: number): Promise<Pair<Figures>> => {
    const arm = pattern[slice] ?? 0;
    if (pinned) {
      const keep = keeperOf(subject.arrangement);
      await using _ = await keep(
        [[arms.get('base')!.pid], [arms.get('head')!.pid]],
        arm === 1 ? [pinned[1], pinned[0]] : pinned,
      );
      const [base, head] = await Promise.all([roundOf('base', ms), roundOf('head', ms)]);
      return { base, head };
    }
    const figures: Partial<Record<ArmName, Figures>> = {};
    const turns: readonly ArmName[] = arm === 0 ? ['base', 'head'] : ['head', 'base'];
    for (const name of turns) figures[name] = await roundOf(name, ms);
    return figures as Pair<Figures>;
  };
  try {
    for (const name of order) {
      const arm = await MicroArm.start({ name, ...builds[name], mark: marks[name] }, signal);
      arms.set(name, arm);
      guards[name].watch([arm.pid]);
    }
    await both(timing.warmupMs, 0);
    const slices: Pair<Figures>[] = [];
    for (let i = 0; i < timing.slices; i++) slices.push(await both(timing.sliceMs, i));
    const of = (name: ArmName) => ({ slices: slices.map((slice) => slice[name]) });
    return { status: 'completed', base: of('base'), head: of('head') };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ArmFailure) return { status: 'failed', arm: error.arm, reason: error.message };
    if (error instanceof UnfitError) return { status: 'failed', arm: 'both', reason: error.message };
    throw error;
  } finally {
    await Promise.all([...arms.values()].map((arm) => arm[Symbol.asyncDispose]()));
  }
}

/** In µs, the unit of the metrics; a benchmark that could not be run has no figure. */
function figuresOf(times: MicroTimes): Figures {
  const figures: Record<string, number> = {};
  for (const [id, time] of Object.entries(times)) if (typeof time === 'number') figures[id] = time / 1000;
  return figures;
}
