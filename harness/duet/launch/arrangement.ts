/** How the two arms of a launch share the machine while they are loaded. */
import type { LoadBackend } from '../../load/backend.ts';
import type { Figures } from '../../results/schema/duet-launch.ts';
import { stayOnCores, type KeepOnCores } from './cores.ts';
import { StartBarrier, startingTogether } from './start-barrier.ts';
import type { ServerArm, ArmLoad, ArmName } from './server-arm.ts';

export type Pair<T> = Readonly<Record<ArmName, T>>;

interface Loaded {
  readonly arm: Pick<ServerArm, 'pids' | 'load'>;
  readonly backend: LoadBackend;
}

/** Loads both arms once, as the slice of that number wants it. */
export type Arranged = (load: ArmLoad, slice: number, signal: AbortSignal) => Promise<Pair<Figures>>;

/**
 * Both at the same time, each server with its generator on a core of its own. A generator beside the *other* arm's
 * server would get what that server leaves, so that a slower server would make its own arm faster
 * (docs/decisions/0007-duet-arrangement.md). The pattern says on which core the base begins a slice.
 *
 * @param keep how the arms are kept on cores while they are loaded
 */
export function sideBySide(
  arms: Pair<Loaded>,
  cores: readonly [number, number],
  pattern: readonly (0 | 1)[],
  keep: KeepOnCores,
): Arranged {
  const barrier = new StartBarrier();
  return async (load, slice, signal) => {
    const groups = new Map<ArmName, readonly number[]>();
    let kept: AsyncDisposable | undefined;
    const prepared = async (name: ArmName, generators: readonly number[]): Promise<void> => {
      groups.set(name, [...arms[name].arm.pids(), ...generators]);
      const base = groups.get('base');
      const head = groups.get('head');
      if (!base || !head) return;
      // While connections are only held for their memory, nothing is gained by moving.
      const keeping = load.endsWhenHeld ? stayOnCores : keep;
      kept = await keeping([base, head], pattern[slice] === 1 ? [cores[1], cores[0]] : cores);
    };
    try {
      return await together(signal, (name, stop) => {
        const { arm, backend } = arms[name];
        const atBarrier = startingTogether(backend, barrier, (generators) => prepared(name, generators));
        return arm.load(load, atBarrier, stop);
      });
    } finally {
      await kept?.[Symbol.asyncDispose]();
    }
  };
}

/** One after the other, each with the whole machine; the pattern says who comes second as the base: 0110 is ABBA. */
export function inTurn(arms: Pair<Loaded>, pattern: readonly (0 | 1)[]): Arranged {
  return async (load, slice, signal) => {
    const loaded = async (name: ArmName): Promise<Figures> => {
      const { arm, backend } = arms[name];
      return await arm.load(load, backend, signal);
    };
    if (pattern[slice] === 1) {
      const head = await loaded('head');
      return { base: await loaded('base'), head };
    }
    const base = await loaded('base');
    return { base, head: await loaded('head') };
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
