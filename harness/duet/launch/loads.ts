/** The loads of a launch, made from the subject's scenario. */
import type { LoadSpec } from '../../load/backend.ts';
import type { PlannedScenario } from '../../results/schema/plan.ts';
import type { ServerSubject, Timing } from '../../results/schema/duet-plan.ts';
import type { ValidityCheck } from '../../results/schema/trial.ts';

/** One load of an arm. */
export interface ArmLoad {
  readonly scenario: PlannedScenario;
  readonly spec: Omit<LoadSpec, 'host' | 'port' | 'folder'>;
  /** The scenario holds every connection until the end. */
  readonly holds: boolean;
  /** It ends so many ms after all clients are connected, which are then stopped; those that come late have the whole time. */
  readonly heldForMs?: number;
  /** Checks that must be passed; those that do not apply to the load are not asked. */
  readonly checks: readonly ValidityCheck['id'][];
}

/** A load that lasts longer than it should by so much has failed, in ms. */
const GRACE_MS = 15_000;

/** Checks that a slice must pass. That the generator has no core of its own is by design, and alike on both arms. */
const SLICE_CHECKS = ['conservation', 'answers', 'established', 'offered-rate'] as const;

/**
 * Share of the held load over which the connections are made. All at once would overflow the accept queue. The kernel tries a
 * refused one again only after a second, for which the rest of it has room.
 */
const HELD_RAMP = 0.25;

/** From the last connection until the end of a held load, in ms: two samples of the memory, and time to read it in full. */
const HELD_FOR_MS = 200;

/** Longer than any held load: a client makes one exchange and then thinks until the end. */
const THINK_PAST_THE_END = '1h';

/** Whether the scenario can hold its connections without traffic: for a set time, in which its clients only think. */
export function canHold({ traits }: PlannedScenario): boolean {
  return traits?.timedBy !== undefined && traits.thinkBy !== undefined && traits.ratePerSecond === undefined;
}

/** The parameters under which a scenario that runs for a set time lasts so long; any other runs once a slice. */
function lasting({ parameters, traits }: PlannedScenario, ms: number): PlannedScenario['parameters'] {
  return traits?.timedBy === undefined ? parameters : { ...parameters, [traits.timedBy]: ms };
}

/** Many connections, one exchange on each, then silence: what a connection costs in memory. */
export function heldLoad(
  { scenario, holdClients }: ServerSubject,
  { holdMs }: Timing,
  seed: number,
): ArmLoad {
  const { thinkBy } = scenario.traits ?? {};
  return {
    scenario,
    spec: {
      scenarioModule: scenario.module,
      parameters: {
        ...lasting(scenario, holdMs),
        ...(thinkBy === undefined ? {} : { [thinkBy]: THINK_PAST_THE_END }),
      },
      clients: holdClients ?? 1,
      seed,
      warmupMs: 0,
      rampMs: holdMs * HELD_RAMP,
      deadlineMs: holdMs + GRACE_MS,
    },
    holds: true,
    heldForMs: HELD_FOR_MS,
    checks: ['conservation', 'answers', 'established'],
  };
}

/** As in a slice, for longer, and thrown away. */
export function warmupLoad(subject: ServerSubject, { warmupMs }: Timing, seed: number): ArmLoad {
  return { ...timedLoad(subject, warmupMs, 0, seed), checks: ['conservation', 'answers'] };
}

/** What is measured. */
export function sliceLoad(subject: ServerSubject, { settleMs, sliceMs }: Timing, seed: number): ArmLoad {
  const timed = subject.scenario.traits?.timedBy !== undefined;
  const warmupMs = timed ? settleMs : subject.scenario.warmupMs;
  return timedLoad(subject, settleMs + sliceMs, warmupMs, seed);
}

function timedLoad(
  { scenario, clients }: ServerSubject,
  durationMs: number,
  warmupMs: number,
  seed: number,
): ArmLoad {
  const timed = scenario.traits?.timedBy !== undefined;
  return {
    scenario: timed ? { ...scenario, idealMs: durationMs } : scenario,
    spec: {
      scenarioModule: scenario.module,
      parameters: lasting(scenario, durationMs),
      clients,
      seed,
      warmupMs,
      deadlineMs: Math.max(durationMs, scenario.idealMs) + GRACE_MS,
    },
    holds: scenario.holds,
    checks: SLICE_CHECKS,
  };
}
