/** A launch before the plan is made: proves that both builds run. */
import { sentence } from '../../analysis/text/phrases.ts';
import { UnfitError } from '../../errors.ts';
import type { Measure } from '../procedure.ts';
import type { PlannedLaunch, Subject, Timing } from '../../results/schema/duet-plan.ts';

/** Short, since nothing of it is recorded. */
export function rehearsalTiming(timing: Timing): Timing {
  return {
    ...timing,
    warmupMs: Math.min(timing.warmupMs, 200),
    sliceMs: Math.min(timing.sliceMs, 100),
    slices: 2,
  };
}

/** A busy machine now and then stalls a launch; a build that does not run, does not run again. */
const ATTEMPTS = 2;

/**
 * Launches a subject until it succeeds, twice at most.
 *
 * @returns a sentence on the launch that failed, if one did
 * @throws UnfitError that names the arm and the reason where it does not run
 */
export async function rehearse(subject: Subject, measure: Measure): Promise<string | undefined> {
  const launch: PlannedLaunch = {
    index: 0,
    round: 0,
    subject: subject.name,
    contrast: 'head',
    first: 'base',
    pattern: [0, 1],
    place: 0,
    generator: 0,
    seed: 1,
  };
  const who = { base: 'the base', head: 'the head', both: 'neither build' };
  let outcome = await measure(launch, subject);
  let first: string | undefined;
  for (let made = 1; outcome.status === 'failed' && made < ATTEMPTS; made++) {
    first ??= `Rehearsing ${subject.name}, a launch failed (${who[outcome.arm]}), which is not counted: ${outcome.reason}`;
    outcome = await measure(launch, subject);
  }
  if (outcome.status === 'failed') {
    throw new UnfitError(
      `${sentence(who[outcome.arm])} cannot be measured as ${subject.name}. ${outcome.reason}`,
    );
  }
  return first;
}
