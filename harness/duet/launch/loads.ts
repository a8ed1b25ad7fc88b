/** The loads of a launch, made from the subject's scenario. */
import type { PlannedScenario } from '../../results/schema/plan.ts';
import type { ServerSubject, Timing } from '../../results/schema/duet-plan.ts';
import type { ArmLoad } from './server-arm.ts';

/** A load that lasts longer than it should by so much has failed, in ms. */
const GRACE_MS = 15_000;

/** Checks that a slice must pass. That the generator has no core of its own is by design, and alike on both arms. */
const SLICE_CHECKS = ['conservation', 'established', 'offered-rate'] as const;

/**
 * Share of the held load over which the connections are made. All at once would overflow the accept queue. The kernel tries a
 * refused one again only after a second, for which the rest of it has room.
 */
const HELD_RAMP = 0.25;

/** Longer than any held load: a client makes one exchange and then thinks until the end. */
const THINK_PAST_THE_END = '1h';

/** Whether the scenario can hold its connections without traffic: for a set time, in which its clients only think. */
export function canHold({ traits }: Pick<PlannedScenario, 'traits'>): boolean {
  return traits?.timedBy !== undefined && traits.thinkBy !== undefined && traits.ratePerSecond === undefined;
}

/** The parameters under which a scenario that runs for a set time lasts so long; any other runs once a slice. */
function lasting({ parameters, traits }: PlannedScenario, ms: number): PlannedScenario['parameters'] {
  return traits?.timedBy === undefined ? parameters : { ...parameters, [traits.timedBy]: ms };
}

/** Many connections, one exchange on each, then silence: what a connection costs in memory. */
export function heldLoad(subject: ServerSubject, timing: Timing, seed: number): ArmLoad {
  const { scenario, holdClients } = subject;
  return {
    scenario,
    parameters: {
      ...lasting(scenario, timing.holdMs),
      ...(scenario.traits?.thinkBy === undefined ? {} : { [scenario.traits.thinkBy]: THINK_PAST_THE_END }),
    },
    clients: holdClients ?? 1,
    seed,
    warmupMs: 0,
    rampMs: timing.holdMs * HELD_RAMP,
    deadlineMs: timing.holdMs + GRACE_MS,
    holds: true,
    endsWhenHeld: true,
    checks: ['conservation', 'established'],
  };
}

/** As in a slice, for longer, and thrown away. */
export function warmupLoad(subject: ServerSubject, timing: Timing, seed: number): ArmLoad {
  return { ...timedLoad(subject, timing.warmupMs, seed), warmupMs: 0, checks: ['conservation'] };
}

/** What is measured. */
export function sliceLoad(subject: ServerSubject, timing: Timing, seed: number): ArmLoad {
  const load = timedLoad(subject, timing.settleMs + timing.sliceMs, seed);
  return subject.scenario.traits?.timedBy ? { ...load, warmupMs: timing.settleMs } : load;
}

function timedLoad({ scenario, clients }: ServerSubject, durationMs: number, seed: number): ArmLoad {
  const timed = scenario.traits?.timedBy !== undefined;
  return {
    scenario: timed ? { ...scenario, idealMs: durationMs } : scenario,
    parameters: lasting(scenario, durationMs),
    clients,
    seed,
    warmupMs: timed ? 0 : scenario.warmupMs,
    rampMs: 0,
    deadlineMs: Math.max(durationMs, scenario.idealMs) + GRACE_MS,
    holds: scenario.holds,
    endsWhenHeld: false,
    checks: SLICE_CHECKS,
  };
}
