/** Which benchmarks of a file run on both builds, found out before the plan is made. */
import { UnfitError, UsageError, messageOf } from '../../errors.ts';
import type { Builds } from '../builds/builds.ts';
import type { ArmName, Pair } from '../launch/arm.ts';
import type { DuetRig } from '../launch/rig.ts';
import type { MicroTimes } from '../micro/bench-file.ts';
import { microRound, startMicro } from '../micro/process.ts';
import type { MicroSubject } from '../../results/schema/duet-plan.ts';

/** What the two builds have in common. */
export interface SharedBenchmarks {
  readonly names: readonly string[];
  /** Sentences on those that are left out. */
  readonly left: readonly string[];
}

/**
 * Runs every benchmark of both builds once.
 *
 * @throws UsageError, UnfitError that name the arm where its file cannot be run; the signal's reason
 */
export async function findShared(
  { file }: MicroSubject,
  builds: Pick<Builds, 'place'>,
  { rig }: Pick<DuetRig, 'rig'>,
  signal: AbortSignal,
): Promise<SharedBenchmarks> {
  const places = builds.place({ contrast: 'head', place: 0 });
  const timesOf = async (arm: ArmName): Promise<MicroTimes> => {
    try {
      await using process = await startMicro(rig, `micro-${arm}`, places[arm], file, signal);
      return await microRound(process, { ms: 1 }, signal);
    } catch (error) {
      signal.throwIfAborted();
      const text = `The benchmarks of the ${arm} cannot be run. ${messageOf(error)}`;
      throw error instanceof UsageError
        ? new UsageError(text, { cause: error })
        : new UnfitError(text, { cause: error });
    }
  };
  return shared({ base: await timesOf('base'), head: await timesOf('head') });
}

/** Pure. */
export function shared({ base, head }: Pair<MicroTimes>): SharedBenchmarks {
  const names: string[] = [];
  const left: string[] = [];
  for (const name of new Set([...Object.keys(head), ...Object.keys(base)])) {
    const [ofBase, ofHead] = [base[name], head[name]];
    if (typeof ofBase === 'number' && typeof ofHead === 'number') names.push(name);
    else if (ofBase === undefined) left.push(`${name}: it exists only in the head`);
    else if (ofHead === undefined) left.push(`${name}: it exists only in the base`);
    else if (typeof ofHead === 'string') left.push(`${name}: it fails in the head: ${ofHead}`);
    else left.push(`${name}: it fails in the base: ${ofBase}`);
  }
  return { names, left };
}
