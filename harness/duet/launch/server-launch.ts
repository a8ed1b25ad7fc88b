/** One launch of a server: both arms started afresh, loaded in the same way, and gone at the end. */
import { HoldfastError } from '../../errors.ts';
import type { LoadBackend } from '../../load/backend.ts';
import type { Guard } from '../../rig/guard.ts';
import type { PlannedLaunch, ServerSubject, Timing } from '../../results/schema/duet-plan.ts';
import type { ArmFigures, Figures, LaunchOutcome } from '../../results/schema/duet-launch.ts';
import { inTurn, sideBySide, type Arranged, type Pair } from './arrangement.ts';
import { keeperOf } from './exchange.ts';
import { holdLoad, sliceLoad, warmupLoad } from './loads.ts';
import { ServerArm, ArmFailure, type ArmName, type ArmSetting } from './server-arm.ts';

/** What all launches of a duet use. */
export interface DuetRig {
  /** Generators, one process each; which drives the base is drawn for each launch. */
  readonly backends: readonly [LoadBackend, LoadBackend];
  /** The cores of the two arms; null where there is only one. */
  readonly cores: readonly [number, number] | null;
  readonly marks: Readonly<Record<ArmName, string>>;
  readonly guards: Readonly<Record<ArmName, Guard>>;
  readonly timing: Timing;
  readonly setting: ArmSetting;
}

/** The commands of the two arms, ready to start. */
export type Commands = Readonly<Record<ArmName, readonly string[]>>;

/**
 * Makes one launch. What goes wrong with an arm is its outcome; only defects and an abort are thrown.
 *
 * Both arms run the same steps: connections held (for the memory), warm-up, slices.
 */
export async function launchServer(
  subject: ServerSubject,
  launch: PlannedLaunch,
  commands: Commands,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  try {
    await using arms = await startArms(subject, launch, commands, rig, signal);
    const arranged =
      subject.arrangement === 'in-turn' || !rig.cores
        ? inTurn(arms, launch.pattern)
        : sideBySide(arms, rig.cores, launch.pattern, keeperOf(subject.arrangement));
    const measured = await measure(subject, launch, rig.timing, arranged, signal);
    await Promise.all([arms.base.arm.stop(), arms.head.arm.stop()]);
    return { status: 'completed', ...measured };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ArmFailure) return { status: 'failed', arm: error.arm, reason: error.message };
    if (error instanceof HoldfastError) return { status: 'failed', arm: 'both', reason: error.message };
    throw error;
  }
}

async function measure(
  subject: ServerSubject,
  { seed }: PlannedLaunch,
  timing: Timing,
  arranged: Arranged,
  signal: AbortSignal,
): Promise<Readonly<Record<ArmName, ArmFigures>>> {
  const held =
    subject.holdClients === null ? null : await arranged(holdLoad(subject, timing, seed), 0, signal);
  await arranged(warmupLoad(subject, timing, seed), 0, signal);
  const slices: Pair<Figures>[] = [];
  for (let i = 0; i < timing.slices; i++) {
    slices.push(await arranged(sliceLoad(subject, timing, seed), i, signal));
  }
  const figures = (arm: ArmName): ArmFigures => ({
    ...(held ? { held: held[arm] } : {}),
    slices: slices.map((slice) => slice[arm]),
  });
  return { base: figures('base'), head: figures('head') };
}

interface StartedArm {
  readonly arm: ServerArm;
  readonly backend: LoadBackend;
}

export type StartedArms = Pair<StartedArm> & AsyncDisposable;

/** Starts the arms in the drawn order and waits until both are ready. */
async function startArms(
  subject: ServerSubject,
  { first, pattern, generator }: PlannedLaunch,
  commands: Commands,
  { backends, cores, marks, guards, setting }: DuetRig,
  signal: AbortSignal,
): Promise<StartedArms> {
  const started = new Map<ArmName, ServerArm>();
  const stopAll = async (): Promise<void> => {
    await Promise.all([...started.values()].map((arm) => arm[Symbol.asyncDispose]()));
  };
  try {
    const order: readonly ArmName[] = first === 'base' ? ['base', 'head'] : ['head', 'base'];
    for (const name of order) {
      const core =
        subject.arrangement === 'in-turn'
          ? undefined
          : cores?.[name === 'base' ? pattern[0]! : 1 - pattern[0]!];
      const arm = await ServerArm.spawn(
        subject,
        { arm: name, command: commands[name], mark: marks[name], ...(core === undefined ? {} : { core }) },
        setting,
      );
      started.set(name, arm);
      guards[name].watch([arm.groupId]);
    }
    for (const name of order) await started.get(name)?.ready(subject.announces, signal);
    return {
      base: { arm: started.get('base')!, backend: backends[generator] },
      head: { arm: started.get('head')!, backend: backends[generator === 0 ? 1 : 0] },
      [Symbol.asyncDispose]: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
