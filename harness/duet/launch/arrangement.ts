/** How the two sides of a launch share the machine while they are loaded. */
import type { LoadBackend } from '../../load/backend.ts';
import type { Figures } from '../records.ts';
import { stayOnCores, type KeepOnCores } from './cores.ts';
import { Meeting, meetingBackend } from './start-barrier.ts';
import type { Side, SideLoad, SideName } from './server-arm.ts';

export type Pair<T> = Readonly<Record<SideName, T>>;

interface Loaded {
  readonly side: Pick<Side, 'pids' | 'load'>;
  readonly backend: LoadBackend;
}

/** Loads both sides once, as the slice of that number wants it. */
export type Arranged = (load: SideLoad, slice: number, signal: AbortSignal) => Promise<Pair<Figures>>;

/**
 * Both at the same time, each server with its generator on a core of its own. A generator beside the *other* side's
 * server would get what that server leaves, so that a slower server would make its own side faster
 * (docs/decisions/0007-duet-arrangement.md). The pattern says on which core the base begins a slice.
 *
 * @param keep how the arms are kept on cores while they are loaded
 */
export function sideBySide(
  sides: Pair<Loaded>,
  cores: readonly [number, number],
  pattern: readonly (0 | 1)[],
  keep: KeepOnCores,
): Arranged {
  const meeting = new Meeting();
  return async (load, slice, signal) => {
    const arms = new Map<SideName, readonly number[]>();
    let kept: AsyncDisposable | undefined;
    const prepared = async (name: SideName, generators: readonly number[]): Promise<void> => {
      arms.set(name, [...sides[name].side.pids(), ...generators]);
      const base = arms.get('base');
      const other = arms.get('other');
      if (!base || !other) return;
      // What is held for its memory only has nothing to gain from moving.
      const keeping = load.endsWhenHeld ? stayOnCores : keep;
      kept = await keeping([base, other], pattern[slice] === 1 ? [cores[1], cores[0]] : cores);
    };
    try {
      return await together(signal, (name, stop) => {
        const { side, backend } = sides[name];
        const meetingSide = meetingBackend(backend, meeting, (generators) => prepared(name, generators));
        return side.load(load, meetingSide, stop);
      });
    } finally {
      await kept?.[Symbol.asyncDispose]();
    }
  };
}

/** One after the other, each with the whole machine; the pattern says who comes second as the base: 0110 is ABBA. */
export function inTurn(sides: Pair<Loaded>, pattern: readonly (0 | 1)[]): Arranged {
  return async (load, slice, signal) => {
    const loaded = async (name: SideName): Promise<Figures> => {
      const { side, backend } = sides[name];
      return await side.load(load, backend, signal);
    };
    if (pattern[slice] === 1) {
      const other = await loaded('other');
      return { base: await loaded('base'), other };
    }
    const base = await loaded('base');
    return { base, other: await loaded('other') };
  };
}

/** Runs both; when one fails the other is stopped, and what failed first is thrown. */
async function together(
  signal: AbortSignal,
  run: (name: SideName, stop: AbortSignal) => Promise<Figures>,
): Promise<Pair<Figures>> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const guarded = (name: SideName): Promise<Figures> =>
    run(name, stop).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    });
  const [base, other] = await Promise.allSettled([guarded('base'), guarded('other')]);
  signal.throwIfAborted();
  if (failure.signal.aborted) throw failure.signal.reason;
  if (base.status === 'rejected') throw base.reason;
  if (other.status === 'rejected') throw other.reason;
  return { base: base.value, other: other.value };
}
