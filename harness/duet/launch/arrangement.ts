/** How the two arms of a launch share the machine while they are loaded, step by step. */
import type {
  ArmFigures,
  Figures,
  LaunchOutcome,
  Arrangement,
  PlannedLaunch,
} from '../../results/schema/duet-plan.ts';
import { inOrder, type ArmName, type Pair } from './arm.ts';
import { exchangeCores, stayOnCores, type KeepOnCores } from './keep.ts';
import type { DuetRig } from './rig.ts';

/**
 * Loads one arm once. Where both are loaded at the same time, it calls `whenPrepared` with what is kept on the arm's
 * core, its server and its generators, and starts when that resolves.
 */
export type LoadArm = (
  arm: ArmName,
  signal: AbortSignal,
  whenPrepared?: (pids: readonly number[]) => Promise<void>,
) => Promise<Figures>;

/** One load of both arms. */
export interface Step {
  readonly load: LoadArm;
  /** Number of the slice, from 0, which says who has which core or comes first. */
  readonly slice: number;
  /** Nothing is gained by moving: connections are only held for their memory. */
  readonly still?: boolean;
}

/** Loads both arms once. */
type Arranged = (step: Step, signal: AbortSignal) => Promise<Pair<Figures>>;

/** The loads of a launch, in their order. */
interface LaunchLoads {
  /** Many connections that are held for their memory; absent where none are. */
  readonly held?: LoadArm | undefined;
  /** Thrown away. */
  readonly warmup: LoadArm;
  readonly slice: LoadArm;
}

/** Loads both arms through a launch, whatever its subject is. */
export async function measureLaunch(
  { held, warmup, slice }: LaunchLoads,
  arrangement: Arrangement,
  { pattern }: PlannedLaunch,
  { cores, timing }: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const arranged =
    arrangement === 'in-turn' || !cores
      ? inTurn(pattern)
      : sideBySide(cores, pattern, arrangement === 'exchange' ? exchangeCores : stayOnCores);
  const memory = held && (await arranged({ load: held, slice: 0, still: true }, signal));
  await arranged({ load: warmup, slice: 0 }, signal);
  const made: Pair<Figures>[] = [];
  for (let i = 0; i < timing.slices; i++) made.push(await arranged({ load: slice, slice: i }, signal));
  const figures = (arm: ArmName): ArmFigures => ({
    ...(memory ? { held: memory[arm] } : {}),
    slices: made.map((each) => each[arm]),
  });
  return { status: 'completed', base: figures('base'), head: figures('head') };
}

/**
 * Both at the same time, each server with its generator on a core of its own. A generator beside the *other* arm's
 * server would get what that server leaves, so that a slower server would make its own arm faster
 * (docs/decisions/0007-duet-arrangement.md). The pattern says on which core the base begins a slice.
 *
 * They start together once both are prepared; when one fails the other is stopped, and what failed first is thrown.
 *
 * @param keep how the arms are kept on cores while they are loaded
 */
export function sideBySide(
  cores: readonly [number, number],
  pattern: readonly (0 | 1)[],
  keep: KeepOnCores,
): Arranged {
  return async ({ load, slice, still }, signal) => {
    const failure = new AbortController();
    const stop = AbortSignal.any([signal, failure.signal]);
    const start = Promise.withResolvers<void>();
    stop.addEventListener('abort', () => start.reject(stop.reason), { once: true });
    start.promise.catch(() => 'the load that did not start is over too');
    const groups = new Map<ArmName, readonly number[]>();
    let kept: AsyncDisposable | undefined;
    const loaded = async (name: ArmName): Promise<Figures> => {
      try {
        return await load(name, stop, async (pids) => {
          stop.throwIfAborted();
          groups.set(name, pids);
          const [base, head] = [groups.get('base'), groups.get('head')];
          if (base && head) {
            const [first, second] = cores;
            const begin = pattern[slice] === 1 ? ([second, first] as const) : cores;
            kept = await (still ? stayOnCores : keep)([base, head], begin);
            start.resolve();
          }
          await start.promise;
        });
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    };
    const both = [loaded('base'), loaded('head')] as const;
    try {
      await Promise.allSettled(both);
      signal.throwIfAborted();
      failure.signal.throwIfAborted();
      const [base, head] = await Promise.all(both);
      return { base, head };
    } finally {
      await kept?.[Symbol.asyncDispose]();
    }
  };
}

/** One after the other, each with the whole machine; the pattern says who comes second as the base: 0110 is ABBA. */
function inTurn(pattern: readonly (0 | 1)[]): Arranged {
  return async ({ load, slice }, signal) => {
    const figures = new Map<ArmName, Figures>();
    for (const arm of inOrder(pattern[slice] === 1 ? 'head' : 'base'))
      figures.set(arm, await load(arm, signal));
    return { base: figures.get('base')!, head: figures.get('head')! };
  };
}
