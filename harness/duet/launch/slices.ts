/** The course of a launch that all subjects share: what both arms do, step by step. */
import type { Arrangement, PlannedLaunch } from '../../results/schema/duet-plan.ts';
import type { ArmFigures, Figures, LaunchOutcome } from '../../results/schema/duet-launch.ts';
import type { ArmName, Pair } from './arm.ts';
import { inTurn, sideBySide, type Arranged, type LoadArm } from './arrangement.ts';
import { keeperOf } from './keep.ts';
import type { DuetRig } from './rig.ts';

/** How this launch has its arms share the machine. */
export function arrangedFor(
  arrangement: Arrangement,
  { pattern }: PlannedLaunch,
  { cores }: Pick<DuetRig, 'cores'>,
): Arranged {
  return arrangement === 'in-turn' || !cores
    ? inTurn(pattern)
    : sideBySide(cores, pattern, keeperOf(arrangement));
}

/** The loads of a launch, in their order. */
export interface LaunchLoads {
  /** Many connections that are held for their memory; absent where none are. */
  readonly held?: LoadArm | undefined;
  /** Thrown away. */
  readonly warmup: LoadArm;
  readonly slice: LoadArm;
}

/** Loads both arms through a launch. */
export async function measureLaunch(
  { held, warmup, slice }: LaunchLoads,
  slices: number,
  arranged: Arranged,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const memory = held && (await arranged({ load: held, slice: 0, still: true }, signal));
  await arranged({ load: warmup, slice: 0 }, signal);
  const made: Pair<Figures>[] = [];
  for (let i = 0; i < slices; i++) made.push(await arranged({ load: slice, slice: i }, signal));
  const figures = (arm: ArmName): ArmFigures => ({
    ...(memory ? { held: memory[arm] } : {}),
    slices: made.map((each) => each[arm]),
  });
  return { status: 'completed', base: figures('base'), head: figures('head') };
}
