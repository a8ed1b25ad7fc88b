/** Makes launches of any subject. */
import { HoldfastError } from '../../errors.ts';
import { fillPlace, type Builds } from '../builds/builds.ts';
import type { Measure } from '../procedure.ts';
import { ArmFailure } from './arm.ts';
import { launchMicro } from './micro-launch.ts';
import type { DuetRig } from './rig.ts';
import { launchServer } from './server-launch.ts';

/**
 * Makes launches with this rig on these builds. What is expected to go wrong is the outcome of a launch; only defects and
 * an abort are thrown.
 */
export function launcherOf(builds: Pick<Builds, 'place'>, rig: DuetRig, signal: AbortSignal): Measure {
  return async (launch, subject) => {
    const places = builds.place(launch);
    try {
      if (subject.kind === 'micro') return await launchMicro(subject, launch, places, rig, signal);
      const { base, head } = subject.commands;
      const commands = {
        base: fillPlace(base, places.base),
        head: fillPlace(launch.contrast === 'head' ? head : base, places.head),
      };
      return await launchServer(subject, launch, commands, rig, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ArmFailure || error instanceof HoldfastError)) throw error;
      const { arm, clientsFailed } = error instanceof ArmFailure ? error : { arm: 'both' as const };
      return {
        status: 'failed',
        arm,
        reason: error.message,
        ...(clientsFailed === undefined ? {} : { clientsFailed }),
      };
    }
  };
}
