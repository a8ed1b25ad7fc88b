/** One launch of micro-benchmarks: a process for each arm, and rounds that both run at the same time or in turn. */
import type { LineProcess } from '../../rig/line-process.ts';
import type { Place } from '../builds/builds.ts';
import type { MicroTimes } from '../micro/bench-file.ts';
import { microRound, startMicro } from '../micro/process.ts';
import type { MicroSubject, PlannedLaunch, Figures, LaunchOutcome } from '../../results/schema/duet-plan.ts';
import { inOrder, ofArm, type ArmName, type Pair } from './arm.ts';
import { measureLaunch, type LoadArm } from './arrangement.ts';
import type { DuetRig } from './rig.ts';

/** Makes one launch: a warm-up, then slices. @throws ArmFailure where the benchmarks of an arm cannot be run */
export async function launchMicro(
  { file, benchmarks, arrangement }: MicroSubject,
  launch: PlannedLaunch,
  places: Pair<Place>,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  await using started = new AsyncDisposableStack();
  const arms = new Map<ArmName, LineProcess>();
  for (const name of inOrder(launch.first)) {
    const start = () => startMicro(rig.rig, `micro-${name}`, places[name], file, signal);
    arms.set(name, started.use(await ofArm(name, signal, start)));
  }
  const roundOf =
    (ms: number): LoadArm =>
    async (name, stop, whenPrepared) => {
      const arm = arms.get(name)!;
      await whenPrepared?.([arm.pid]);
      const question = { ms: Math.max(1, Math.round(ms / benchmarks.length)), only: benchmarks };
      return figuresOf(await ofArm(name, stop, () => microRound(arm, question, stop)));
    };
  const loads = { warmup: roundOf(rig.timing.warmupMs), slice: roundOf(rig.timing.sliceMs) };
  return await measureLaunch(loads, arrangement, launch, rig, signal);
}

/** In µs, the unit of the metrics; a benchmark that could not be run has no figure. */
function figuresOf(times: MicroTimes): Figures {
  const measured = Object.entries(times).filter(
    (each): each is [string, number] => typeof each[1] === 'number',
  );
  return Object.fromEntries(measured.map(([name, ns]) => [name, ns / 1000]));
}
