/** A launch before the plan is made: proves that both builds run. */
import { sentence } from '../../analysis/text/phrases.ts';
import { EXIT, HoldfastError, UnfitError } from '../../errors.ts';
import type { Measure } from '../procedure.ts';
import type { LaunchOutcome, PlannedLaunch, Subject, Timing } from '../../results/schema/duet-plan.ts';

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
const ATTEMPTS = 3;

/**
 * Launches a subject until it succeeds, three times at most.
 *
 * @returns a sentence on the launch that failed, if one did
 * @throws HoldfastError that names the arm and the reason where it does not run: a head that fails every time, and its base
 *   never, has failed; anything else is unfit
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
  const failed: Extract<LaunchOutcome, { status: 'failed' }>[] = [];
  while (failed.length < ATTEMPTS) {
    const outcome = await measure(launch, subject);
    if (outcome.status === 'completed') break;
    failed.push(outcome);
  }
  const [first] = failed;
  const last = failed.at(-1);
  if (!first || !last) return undefined;
  if (failed.length < ATTEMPTS)
    return `Rehearsing ${subject.name}, a launch failed (${who[first.arm]}), which is not counted: ${first.reason}`;
  const why = `${sentence(who[last.arm])} cannot be measured as ${subject.name}. ${last.reason}`;
  throw failed.every(({ arm }) => arm === 'head') ? new HoldfastError(why, EXIT.failed) : new UnfitError(why);
}
