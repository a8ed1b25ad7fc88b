/** How the two arms of a launch share the machine while they are loaded. */
import type { Figures } from '../../results/schema/duet-launch.ts';
import type { ArmName, Pair } from './arm.ts';
import { stayOnCores, type KeepOnCores } from './keep.ts';
import { StartBarrier, type StartTogether } from './start-barrier.ts';

/** Loads one arm once. */
export type LoadArm = (arm: ArmName, start: StartTogether, signal: AbortSignal) => Promise<Figures>;

/** One load of both arms. */
export interface Step {
  readonly load: LoadArm;
  /** Number of the slice, from 0, which says who has which core or comes first. */
  readonly slice: number;
  /** Nothing is gained by moving: connections are only held for their memory. */
  readonly still?: boolean;
}

/** Loads both arms once. */
export type Arranged = (step: Step, signal: AbortSignal) => Promise<Pair<Figures>>;

/**
 * Both at the same time, each server with its generator on a core of its own. A generator beside the *other* arm's
 * server would get what that server leaves, so that a slower server would make its own arm faster
 * (docs/decisions/0007-duet-arrangement.md). The pattern says on which core the base begins a slice.
 *
 * @param keep how the arms are kept on cores while they are loaded
 */
export function sideBySide(
  cores: readonly [number, number],
  pattern: readonly (0 | 1)[],
  keep: KeepOnCores,
): Arranged {
  const barrier = new StartBarrier();
  return async ({ load, slice, still }, signal) => {
    const groups = new Map<ArmName, readonly number[]>();
    let kept: AsyncDisposable | undefined;
    const startOf = (name: ArmName): StartTogether => ({
      async prepared(pids) {
        groups.set(name, pids);
        const [base, head] = [groups.get('base'), groups.get('head')];
        if (!base || !head) return;
        kept = await (still ? stayOnCores : keep)(
          [base, head],
          pattern[slice] === 1 ? [cores[1], cores[0]] : cores,
        );
      },
      arrive: (stop) => barrier.arrive(stop),
    });
    try {
      return await together(signal, (name, stop) => load(name, startOf(name), stop));
    } finally {
      await kept?.[Symbol.asyncDispose]();
    }
  };
}

/** One after the other, each with the whole machine; the pattern says who comes second as the base: 0110 is ABBA. */
export function inTurn(pattern: readonly (0 | 1)[]): Arranged {
  const alone: StartTogether = { prepared: () => Promise.resolve(), arrive: () => Promise.resolve() };
  return async ({ load, slice }, signal) => {
    if (pattern[slice] === 1) {
      const head = await load('head', alone, signal);
      return { base: await load('base', alone, signal), head };
    }
    const base = await load('base', alone, signal);
    return { base, head: await load('head', alone, signal) };
  };
}

/** Runs both; when one fails the other is stopped, and what failed first is thrown. */
async function together(
  signal: AbortSignal,
  run: (name: ArmName, stop: AbortSignal) => Promise<Figures>,
): Promise<Pair<Figures>> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const guarded = (name: ArmName): Promise<Figures> =>
    run(name, stop).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    });
  const [base, head] = await Promise.allSettled([guarded('base'), guarded('head')]);
  signal.throwIfAborted();
  if (failure.signal.aborted) throw failure.signal.reason;
  if (base.status === 'rejected') throw base.reason;
  if (head.status === 'rejected') throw head.reason;
  return { base: base.value, head: head.value };
}
