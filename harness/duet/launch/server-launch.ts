/** One launch of a server: both sides started afresh, loaded in the same way, and gone at the end. */
import { HoldfastError } from '../../errors.ts';
import type { LoadBackend } from '../../load/backend.ts';
import type { Guard } from '../../rig/guard.ts';
import type { PlannedLaunch, ServerSubject, Timing } from '../planning/plan.ts';
import type { Figures, LaunchOutcome, SideFigures } from '../records.ts';
import { inTurn, sideBySide, type Arranged, type Pair } from './arrangement.ts';
import { keeperOf } from './exchange.ts';
import { holdLoad, sliceLoad, warmupLoad } from './loads.ts';
import { Side, SideFailure, type SideName, type SideSetting } from './server-arm.ts';

/** What all launches of a duet use. */
export interface Apparatus {
  /** Generators, one process each; which drives the base is drawn for each launch. */
  readonly backends: readonly [LoadBackend, LoadBackend];
  /** The cores of the two sides; null where there is only one. */
  readonly cores: readonly [number, number] | null;
  readonly marks: Readonly<Record<SideName, string>>;
  readonly guards: Readonly<Record<SideName, Guard>>;
  readonly timing: Timing;
  readonly setting: SideSetting;
}

/** The commands of the two sides, ready to start. */
export type Commands = Readonly<Record<SideName, readonly string[]>>;

/**
 * Makes one launch. What goes wrong with a side is its outcome; only defects and an abort are thrown.
 *
 * Both sides run the same steps: connections held (for the memory), warm-up, slices.
 */
export async function launchServer(
  subject: ServerSubject,
  launch: PlannedLaunch,
  commands: Commands,
  apparatus: Apparatus,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  try {
    await using sides = await startSides(subject, launch, commands, apparatus, signal);
    const arranged =
      subject.arrangement === 'in-turn' || !apparatus.cores
        ? inTurn(sides, launch.pattern)
        : sideBySide(sides, apparatus.cores, launch.pattern, keeperOf(subject.arrangement));
    const measured = await measure(subject, launch, apparatus.timing, arranged, signal);
    await Promise.all([sides.base.side.stop(), sides.other.side.stop()]);
    return { status: 'completed', ...measured };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SideFailure) return { status: 'failed', side: error.side, reason: error.message };
    if (error instanceof HoldfastError) return { status: 'failed', side: 'both', reason: error.message };
    throw error;
  }
}

async function measure(
  subject: ServerSubject,
  { seed }: PlannedLaunch,
  timing: Timing,
  arranged: Arranged,
  signal: AbortSignal,
): Promise<Readonly<Record<SideName, SideFigures>>> {
  const held =
    subject.holdClients === null ? null : await arranged(holdLoad(subject, timing, seed), 0, signal);
  await arranged(warmupLoad(subject, timing, seed), 0, signal);
  const slices: Pair<Figures>[] = [];
  for (let i = 0; i < timing.slices; i++) {
    slices.push(await arranged(sliceLoad(subject, timing, seed), i, signal));
  }
  const figures = (side: SideName): SideFigures => ({
    ...(held ? { hold: held[side] } : {}),
    slices: slices.map((slice) => slice[side]),
  });
  return { base: figures('base'), other: figures('other') };
}

interface StartedSide {
  readonly side: Side;
  readonly backend: LoadBackend;
}

export type StartedSides = Pair<StartedSide> & AsyncDisposable;

/** Starts the sides in the drawn order and waits until both are ready. */
async function startSides(
  subject: ServerSubject,
  { first, pattern, generator }: PlannedLaunch,
  commands: Commands,
  { backends, cores, marks, guards, setting }: Apparatus,
  signal: AbortSignal,
): Promise<StartedSides> {
  const started = new Map<SideName, Side>();
  const stopAll = async (): Promise<void> => {
    await Promise.all([...started.values()].map((side) => side[Symbol.asyncDispose]()));
  };
  try {
    const order: readonly SideName[] = first === 'base' ? ['base', 'other'] : ['other', 'base'];
    for (const name of order) {
      const core =
        subject.arrangement === 'in-turn'
          ? undefined
          : cores?.[name === 'base' ? pattern[0]! : 1 - pattern[0]!];
      const side = await Side.spawn(
        subject,
        { side: name, command: commands[name], mark: marks[name], ...(core === undefined ? {} : { core }) },
        setting,
      );
      started.set(name, side);
      guards[name].watch([side.groupId]);
    }
    for (const name of order) await started.get(name)?.ready(subject.announces, signal);
    return {
      base: { side: started.get('base')!, backend: backends[generator] },
      other: { side: started.get('other')!, backend: backends[generator === 0 ? 1 : 0] },
      [Symbol.asyncDispose]: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
