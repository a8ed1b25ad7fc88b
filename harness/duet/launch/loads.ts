/** The loads of a launch, made from the subject's scenario. */
import type { ParameterValue } from '../../scenario/parameter.ts';
import type { ServerSubject, Timing } from '../planning/plan.ts';
import type { SideLoad } from './side.ts';

/** A load that lasts longer than it should by so much has failed, in ms. */
const GRACE_MS = 15_000;

/** Checks that a slice must pass. That the generator has no core of its own is by design, and alike on both sides. */
const SLICE_CHECKS = ['conservation', 'established', 'offered-rate'] as const;

/**
 * Share of the hold over which the connections are made. All at once would overflow the accept queue. The kernel tries a
 * refused one again only after a second, for which the rest of the hold has room.
 */
const HOLD_RAMP = 0.25;

/** Longer than any hold: a client makes one exchange and then thinks until the end. */
const THINK_PAST_THE_END = '1h';

/** Whether the scenario can hold its connections without traffic. */
export function canHold(parameters: Readonly<Record<string, ParameterValue>>): boolean {
  return isTimed(parameters) && 'think' in parameters && !(Number(parameters['rate'] ?? 0) > 0);
}

/** A scenario that runs for a set time says so by this parameter; any other runs once a slice. */
export function isTimed(parameters: Readonly<Record<string, ParameterValue>>): boolean {
  return typeof parameters['duration'] === 'number';
}

/** Many connections, one exchange on each, then silence: what a connection costs in memory. */
export function holdLoad(subject: ServerSubject, timing: Timing, seed: number): SideLoad {
  const { scenario, holdClients } = subject;
  return {
    scenario,
    parameters: { ...scenario.parameters, duration: timing.holdMs, think: THINK_PAST_THE_END },
    clients: holdClients ?? 1,
    seed,
    warmupMs: 0,
    rampMs: timing.holdMs * HOLD_RAMP,
    deadlineMs: timing.holdMs + GRACE_MS,
    holds: true,
    endsWhenHeld: true,
    checks: ['conservation', 'established'],
  };
}

/** As in a slice, for longer, and thrown away. */
export function warmupLoad(subject: ServerSubject, timing: Timing, seed: number): SideLoad {
  return { ...timedLoad(subject, timing.warmupMs, seed), warmupMs: 0, checks: ['conservation'] };
}

/** What is measured. */
export function sliceLoad(subject: ServerSubject, timing: Timing, seed: number): SideLoad {
  const load = timedLoad(subject, timing.settleMs + timing.sliceMs, seed);
  return isTimed(subject.scenario.parameters) ? { ...load, warmupMs: timing.settleMs } : load;
}

function timedLoad({ scenario, clients }: ServerSubject, durationMs: number, seed: number): SideLoad {
  const timed = isTimed(scenario.parameters);
  return {
    scenario: timed ? { ...scenario, idealMs: durationMs } : scenario,
    parameters: timed ? { ...scenario.parameters, duration: durationMs } : scenario.parameters,
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
