/** How the two sides of a launch share the machine while they are loaded. */
import type { LoadBackend } from '../../load/backend.ts';
import type { Figures } from '../records.ts';
import { pin } from './cores.ts';
import { Meeting, meetingBackend } from './meeting.ts';
import type { Side, SideLoad, SideName } from './side.ts';

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
 * (docs/decisions/0007-duet-arrangement.md). The pattern says which core the base is on; it is moved, with all its threads,
 * between slices.
 */
export function sideBySide(
  sides: Pair<Loaded>,
  cores: readonly [number, number],
  pattern: readonly (0 | 1)[],
): Arranged {
  const meeting = new Meeting();
  // Started on the cores of the first slice.
  let present = pattern[0] ?? 0;
  const coreOf = (name: SideName): number => cores[name === 'base' ? present : present === 0 ? 1 : 0];
  return async (load, slice, signal) => {
    const wanted = pattern[slice] ?? 0;
    if (wanted !== present) {
      present = wanted;
      await Promise.all([
        pin(sides.base.side.pids(), coreOf('base')),
        pin(sides.other.side.pids(), coreOf('other')),
      ]);
    }
    return await together(signal, (name, stop) => {
      const { side, backend } = sides[name];
      const meetingSide = meetingBackend(backend, meeting, (generators) => pin(generators, coreOf(name)));
      return side.load(load, meetingSide, stop);
    });
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
