/** One launch of a server: both arms started afresh, loaded in the same way, and gone at the end. */
import type { PlannedLaunch, ServerSubject } from '../../results/schema/duet-plan.ts';
import type { LaunchOutcome } from '../../results/schema/duet-launch.ts';
import { inOrder, ofArm, outcomeOf, type ArmName, type Pair } from './arm.ts';
import type { LoadArm } from './arrangement.ts';
import { heldLoad, sliceLoad, warmupLoad } from './loads.ts';
import type { DuetRig } from './rig.ts';
import { loadArm, ServerArm } from './server-arm.ts';
import { arrangedFor, measureLaunch } from './slices.ts';

const READY_DEADLINE_MS = 15_000;

/** The commands of the two arms, ready to start. */
export type Commands = Pair<readonly string[]>;

/** Makes one launch: connections held (for the memory), warm-up, slices. Only defects and an abort are thrown. */
export async function launchServer(
  subject: ServerSubject,
  launch: PlannedLaunch,
  commands: Commands,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  return await outcomeOf(async () => {
    await using arms = await startArms(subject, launch, commands, rig, signal);
    const { timing } = rig;
    const loaded =
      (load: Parameters<typeof loadArm>[1]): LoadArm =>
      (name, start, stop) =>
        loadArm(arms[name], load, rig, start, stop);
    const outcome = await measureLaunch(
      {
        held: subject.holdClients === null ? undefined : loaded(heldLoad(subject, timing, launch.seed)),
        warmup: loaded(warmupLoad(subject, timing, launch.seed)),
        slice: loaded(sliceLoad(subject, timing, launch.seed)),
      },
      timing.slices,
      arrangedFor(subject.arrangement, launch, rig),
      signal,
    );
    await Promise.all([arms.base.stop(), arms.head.stop()]);
    return outcome;
  }, signal);
}

/** Starts the arms in the drawn order and waits until both are ready. */
async function startArms(
  subject: ServerSubject,
  { first, pattern, generator }: PlannedLaunch,
  commands: Commands,
  { rig, backends, cores }: DuetRig,
  signal: AbortSignal,
): Promise<Pair<ServerArm> & AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const start = async (name: ArmName): Promise<ServerArm> => {
    const at = name === 'base' ? pattern[0]! : 1 - pattern[0]!;
    const core = subject.arrangement === 'in-turn' ? undefined : cores?.[at];
    const command = {
      name: `${subject.name}-${name}`,
      command: commands[name],
      stopSignal: subject.stopSignal,
      cores: core === undefined ? undefined : String(core),
    };
    const server = await ofArm(name, signal, () => rig.startServer(command));
    started.use(server);
    return new ServerArm(name, server, backends[name === 'base' ? generator : 1 - generator]!);
  };
  const arms = new Map<ArmName, ServerArm>();
  for (const name of inOrder(first)) arms.set(name, await start(name));
  for (const name of inOrder(first)) {
    const readiness = { announces: subject.announces, deadlineMs: READY_DEADLINE_MS };
    await ofArm(name, signal, () => arms.get(name)!.server.ready(readiness, signal));
  }
  const all = started.move();
  return {
    base: arms.get('base')!,
    head: arms.get('head')!,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
