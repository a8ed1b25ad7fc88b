/** One arm of a launch: a server that is ready, and can be loaded until it is stopped. */
import type { LoadBackend } from '../../load/backend.ts';
import type { LoadResult } from '../../results/schema/load.ts';
import type { PlannedScenario } from '../../results/schema/plan.ts';
import type { ValidityCheck } from '../../results/schema/trial.ts';
import { observeLoad, type ObservedLoad } from '../../run/observed-load.ts';
import { PhaseClock } from '../../run/phases.ts';
import { LOOPBACK } from '../../rig/rig.ts';
import type { ServerUnderTest } from '../../rig/server-under-test.ts';
import { describeLeftBehind } from '../../rig/stop.ts';
import type { Figures } from '../../results/schema/duet-launch.ts';
import { ArmFailure, ofArm, type ArmName } from './arm.ts';
import { figuresOf } from './figures.ts';
import { endingWhenHeld } from './held-load.ts';
import type { DuetRig } from './rig.ts';
import { startingTogether, type StartTogether } from './start-barrier.ts';

const STOP_GRACE_MS = 5000;
const SAMPLE_PERIOD_MS = 100;

/** One load of an arm. */
export interface ArmLoad {
  readonly scenario: PlannedScenario;
  readonly parameters: PlannedScenario['parameters'];
  readonly clients: number;
  readonly seed: number;
  readonly warmupMs: number;
  /** Clients start spread evenly over so many ms. */
  readonly rampMs: number;
  readonly deadlineMs: number;
  /** The scenario holds every connection until the end. */
  readonly holds: boolean;
  /** It ends soon after all clients are connected, which are then stopped. */
  readonly endsWhenHeld: boolean;
  /** Checks that must be passed; those that do not apply to the load are not asked. */
  readonly checks: readonly ValidityCheck['id'][];
}

export class ServerArm {
  readonly name: ArmName;
  readonly server: ServerUnderTest;
  /** Its generator. */
  readonly backend: LoadBackend;

  constructor(name: ArmName, server: ServerUnderTest, backend: LoadBackend) {
    this.name = name;
    this.server = server;
    this.backend = backend;
  }

  /** Stops it and everything that it started. @throws ArmFailure when something is left */
  async stop(): Promise<void> {
    const left = describeLeftBehind('launch', await this.server.stop(STOP_GRACE_MS));
    if (left !== undefined) throw new ArmFailure(this.name, left);
  }
}

/** Loads an arm once. @throws ArmFailure when it crashes or the load was not valid */
export async function loadArm(
  { name, server, backend }: ServerArm,
  load: ArmLoad,
  { files }: Pick<DuetRig, 'files'>,
  start: StartTogether,
  signal: AbortSignal,
): Promise<Figures> {
  const { scenario, parameters, clients, seed, deadlineMs, warmupMs, rampMs } = load;
  const ending = load.endsWhenHeld ? endingWhenHeld(backend, clients) : backend;
  const observed = await observeLoad(
    {
      scenarioModule: scenario.module,
      parameters,
      hosts: [LOOPBACK],
      port: server.port,
      clients,
      seed,
      deadlineMs,
      warmupMs,
      rampMs,
      folder: files,
    },
    server,
    {
      backend: startingTogether(ending, start, () => server.pids()),
      samplePeriodMs: SAMPLE_PERIOD_MS,
      holds: load.holds,
      phases: new PhaseClock(),
      signal,
    },
  );
  signal.throwIfAborted();
  await ofArm(name, signal, () => server.throwIfEnded('under load'));
  const why = whyNotValid(observed, load);
  if (why !== undefined) throw new ArmFailure(name, why);
  return figuresOf(observed, scenario);
}

function whyNotValid(
  { load, checks }: ObservedLoad,
  { checks: wanted, endsWhenHeld }: ArmLoad,
): string | undefined {
  const lost = lostClients(load, endsWhenHeld);
  if (lost !== undefined) return lost;
  return checks.find(({ id, ok }) => !ok && wanted.includes(id))?.message;
}

/** A comparison of costs needs every client in both arms: those that failed cost nothing. */
function lostClients({ clients, firstErrors }: LoadResult, mayBeStopped: boolean): string | undefined {
  const { asked, completed, stopped } = clients;
  if (completed + (mayBeStopped ? stopped : 0) === asked) return undefined;
  const [first] = firstErrors;
  const why = first ? ` The first error (${first.kind}): ${first.message}` : '';
  return `Only ${completed} of ${asked} clients completed.${why}`;
}
