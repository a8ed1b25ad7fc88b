/** One launch of a server: both arms started afresh, loaded in the same way, and gone at the end. */
import { LOOPBACK } from '../../rig/rig.ts';
import type { ServerUnderTest } from '../../rig/server-under-test.ts';
import { describeLeftBehind } from '../../rig/stop.ts';
import type { PlannedLaunch, ServerSubject, LaunchOutcome } from '../../results/schema/duet-plan.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import { observeLoad, type ObservedLoad } from '../../run/observed-load.ts';
import { ArmFailure, inOrder, ofArm, type ArmName, type Pair } from './arm.ts';
import { measureLaunch, type LoadArm } from './arrangement.ts';
import { figuresOf } from './figures.ts';
import { heldLoad, sliceLoad, warmupLoad, type ArmLoad } from './loads.ts';
import type { DuetRig } from './rig.ts';

const READY_DEADLINE_MS = 15_000;
const STOP_GRACE_MS = 5000;
const SAMPLE_PERIOD_MS = 100;

/**
 * Makes one launch: connections held (for the memory), warm-up, slices.
 *
 * @param commands those of the two arms, ready to start
 * @throws ArmFailure where an arm does not start, crashes, is not loaded as it should, or leaves something behind
 */
export async function launchServer(
  subject: ServerSubject,
  launch: PlannedLaunch,
  commands: Pair<readonly string[]>,
  rig: DuetRig,
  signal: AbortSignal,
): Promise<LaunchOutcome> {
  await using started = new AsyncDisposableStack();
  const arms = new Map<ArmName, ServerUnderTest>();
  for (const name of inOrder(launch.first)) {
    const command = {
      name: `${subject.name}-${name}`,
      command: commands[name],
      stopSignal: subject.stopSignal,
      cores: firstCoreOf(name, subject, launch, rig),
    };
    arms.set(name, started.use(await ofArm(name, signal, () => rig.rig.startServer(command))));
  }
  const readiness = { announces: subject.announces, deadlineMs: READY_DEADLINE_MS };
  for (const [name, server] of arms) await ofArm(name, signal, () => server.ready(readiness, signal));

  const attempts: Pair<Attempts> = { base: { made: 0, failed: {} }, head: { made: 0, failed: {} } };
  /** Makes this load of an arm. */
  const loadOf =
    (load: ArmLoad): LoadArm =>
    async (name, stop, whenPrepared) => {
      const server = arms.get(name)!;
      const spec = { ...load.spec, host: LOOPBACK, port: server.port, folder: rig.files };
      const observed = await ofArm(name, stop, () =>
        observeLoad(spec, server, {
          backend: rig.backends[name === 'base' ? launch.generator : 1 - launch.generator]!,
          samplePeriodMs: SAMPLE_PERIOD_MS,
          holds: load.holds,
          heldForMs: load.heldForMs,
          // Memory is judged by the held load; a slice is too short to be disturbed for it.
          readsMemory: load.heldForMs !== undefined,
          signal: stop,
          whenPrepared,
        }),
      );
      stop.throwIfAborted();
      await ofArm(name, stop, () => server.throwIfEnded('under load'));
      throwIfNotValid(name, observed, load);
      addAttempts(attempts[name], observed.load);
      return figuresOf(observed, load.scenario);
    };
  const { timing } = rig;
  const loads = {
    held: subject.holdClients === null ? undefined : loadOf(heldLoad(subject, timing, launch.seed)),
    warmup: loadOf(warmupLoad(subject, timing, launch.seed)),
    slice: loadOf(sliceLoad(subject, timing, launch.seed)),
  };
  const outcome = await measureLaunch(loads, subject.arrangement, launch, rig, signal);
  await Promise.all(
    [...arms].map(async ([name, server]) => {
      const left = describeLeftBehind('launch', await server.stop(STOP_GRACE_MS));
      if (left !== undefined) throw new ArmFailure(name, left);
    }),
  );
  if (outcome.status === 'failed') return outcome;
  const { base, head } = outcome;
  return {
    ...outcome,
    base: { ...base, attempts: attempts.base },
    head: { ...head, attempts: attempts.head },
  };
}

/** Connects and exchanges of the loads so far. */
interface Attempts {
  made: number;
  readonly failed: Record<string, number>;
}

function addAttempts(sums: Attempts, { connects, exchanges }: LoadResult): void {
  for (const { attempted, errors } of [connects, exchanges]) {
    sums.made += attempted;
    for (const [kind, count] of Object.entries(errors))
      if (count > 0) sums.failed[kind] = (sums.failed[kind] ?? 0) + count;
  }
}

/** Where an arm starts; undefined: on all cores. */
function firstCoreOf(
  name: ArmName,
  { arrangement }: ServerSubject,
  { pattern }: PlannedLaunch,
  { cores }: DuetRig,
): string | undefined {
  if (arrangement === 'in-turn' || !cores) return undefined;
  return String(cores[name === 'base' ? pattern[0]! : 1 - pattern[0]!]);
}

/**
 * A comparison of costs needs every client in both arms (those that failed cost nothing), and the checks of the load.
 *
 * @throws ArmFailure
 */
function throwIfNotValid(
  name: ArmName,
  { load: { clients, firstErrors }, checks }: ObservedLoad,
  { checks: wanted, heldForMs }: ArmLoad,
): void {
  const { asked, completed, stopped } = clients;
  const through = completed + (heldForMs === undefined ? 0 : stopped);
  if (through !== asked) {
    const [first] = firstErrors;
    const why = first ? ` The first error (${first.kind}): ${first.message}` : '';
    throw new ArmFailure(name, `Only ${completed} of ${asked} clients completed.${why}`, {
      clientsFailed: asked - through,
    });
  }
  const failed = checks.find(({ id, ok }) => !ok && wanted.includes(id));
  if (failed) throw new ArmFailure(name, failed.message);
}
