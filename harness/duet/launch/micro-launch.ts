/** One launch of micro-benchmarks: a process for each arm, and rounds that both run at the same time or in turn. */
import type { LineProcess } from '../../rig/line-process.ts';
import type { Place } from '../builds/builds.ts';
import type { MicroTimes } from '../micro/bench-file.ts';
import { microRound, startMicro } from '../micro/process.ts';
import type { MicroSubject, PlannedLaunch } from '../../results/schema/duet-plan.ts';
import type { Figures, LaunchOutcome } from '../../results/schema/duet-launch.ts';
import { inOrder, ofArm, outcomeOf, type ArmName, type Pair } from './arm.ts';
import type { LoadArm } from './arrangement.ts';
import type { DuetRig } from './rig.ts';
import { arrangedFor, measureLaunch } from './slices.ts';

/** Makes one launch: a warm-up, then slices. Only defects and an abort are thrown. */
export async function launchMicro(
  subject: MicroSubject,
  launch: PlannedLaunch,
  places: Pair<Place>,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  const { file, benchmarks } = subject;
  const { timing } = rig;
  return await outcomeOf(async () => {
    await using started = new AsyncDisposableStack();
    const arms = new Map<ArmName, LineProcess>();
    for (const name of inOrder(launch.first)) {
      const start = () => startMicro(rig.rig, `micro-${name}`, places[name], file, signal);
      arms.set(name, started.use(await ofArm(name, signal, start)));
    }
    const roundOf =
      (ms: number): LoadArm =>
      async (name, start, stop) => {
        const arm = arms.get(name)!;
        await start.prepared([arm.pid]);
        await start.arrive(stop);
        const question = { ms: Math.max(1, Math.round(ms / benchmarks.length)), only: benchmarks };
        return figuresOf(await ofArm(name, stop, () => microRound(arm, question, stop)));
      };
    return await measureLaunch(
      { warmup: roundOf(timing.warmupMs), slice: roundOf(timing.sliceMs) },
      timing.slices,
      arrangedFor(subject.arrangement, launch, rig),
      signal,
    );
  }, signal);
}

/** In µs, the unit of the metrics; a benchmark that could not be run has no figure. */
function figuresOf(times: MicroTimes): Figures {
  const measured = Object.entries(times).filter(
    (each): each is [string, number] => typeof each[1] === 'number',
  );
  return Object.fromEntries(measured.map(([name, ns]) => [name, ns / 1000]));
}
