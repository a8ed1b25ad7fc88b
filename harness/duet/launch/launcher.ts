/** Makes launches of any subject. */
import { fillPlace, type Builds } from '../builds/builds.ts';
import type { Measure } from '../procedure.ts';
import { launchMicro } from './micro-launch.ts';
import type { DuetRig } from './rig.ts';
import { launchServer } from './server-launch.ts';

/** Makes launches with this rig on these builds. */
export function launcherOf(builds: Pick<Builds, 'place'>, rig: DuetRig, signal: AbortSignal): Measure {
  return async (launch, subject) => {
    const places = builds.place(launch);
    if (subject.kind === 'micro') return await launchMicro(subject, launch, places, rig, signal);
    const { base, head } = subject.commands;
    const commands = {
      base: fillPlace(base, places.base),
      head: fillPlace(launch.contrast === 'head' ? head : base, places.head),
    };
    return await launchServer(subject, launch, commands, rig, signal);
  };
}
