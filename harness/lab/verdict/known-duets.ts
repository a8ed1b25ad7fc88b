/** Duets whose answer is known: a server against itself, with a drag on one arm or without. */
import { UnfitError } from '../../errors.ts';
import type {
  DuetPlan,
  DuetRule,
  PlannedLaunch,
  ServerSubject,
  Subject,
  Timing,
} from '../../results/schema/duet-plan.ts';
import type { LaunchOutcome } from '../../results/schema/duet-launch.ts';
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';
import { buildDuetPlan } from '../../duet/planning/build-plan.ts';
import type { DuetCourse } from '../../duet/course.ts';
import { runDuet, type DuetEvent } from '../../duet/procedure.ts';
import { gateSamples } from '../../duet/judgement/samples.ts';
import { CALIBRATION_LAUNCHES, TRIED_DRAG } from './calibration.ts';
import type { CheckCase } from './cases.ts';

/** What all duets of a check share. */
export interface CheckBench {
  readonly subject: ServerSubject;
  readonly rule: DuetRule;
  readonly timing: Timing;
  /** CPU per exchange first: that is what the drag makes worse. */
  readonly gates: DuetPlan['gates'];
  readonly measure: (launch: PlannedLaunch, subject: Subject) => Promise<LaunchOutcome>;
  readonly onEvent: (event: DuetEvent) => void;
}

/**
 * Launches with the tried drag against none.
 *
 * @returns ln of the slow-down in CPU per exchange, one a launch
 * @throws UnfitError where it could not be measured, the signal's reason
 */
export async function calibrate(bench: CheckBench, signal: AbortSignal): Promise<readonly number[]> {
  const rule = { ...bench.rule, analyses: [{ launches: CALIBRATION_LAUNCHES, alpha: 0.01 }] };
  const plan = planOf({ ...bench, rule }, 0, TRIED_DRAG);
  const course = await run(plan, bench, signal);
  signal.throwIfAborted();
  const [cpu] = gateSamples(plan, course.records, 'head', CALIBRATION_LAUNCHES, course.obstacles);
  if (!cpu || cpu.invalid !== undefined || !cpu.d.every(Number.isFinite)) {
    throw new UnfitError(
      `The check could not be calibrated: ${cpu?.invalid ?? 'CPU per exchange was not measured'}.`,
    );
  }
  return cpu.d;
}

/** Makes one duet of the check. @returns undefined when stopped */
export async function knownDuet(
  { effect, repetition }: CheckCase,
  drag: number,
  bench: CheckBench,
  signal: AbortSignal,
): Promise<CheckedDuet | undefined> {
  const begin = performance.now();
  const plan = planOf(bench, Math.round(effect * 1000) * 10_000 + repetition, drag);
  const course = await run(plan, bench, signal);
  const last = course.analyses.at(-1);
  if (course.aborted || !last) return undefined;
  const samples = gateSamples(plan, course.records, 'head', last.launches);
  return {
    schema: 1,
    kind: 'duet',
    effect,
    repetition,
    verdict: last.decision.verdict,
    gates: last.decision.gates.map(({ name, verdict, evidence }, i) => ({
      name,
      verdict,
      effect: evidence?.effect ?? null,
      d: (samples[i]?.d ?? []).filter(Number.isFinite),
    })),
    launches: last.launches,
    tookMs: performance.now() - begin,
  };
}

async function run(
  plan: DuetPlan,
  { measure, onEvent }: CheckBench,
  signal: AbortSignal,
): Promise<DuetCourse> {
  const journal = { append: () => {} };
  return await runDuet({ plan, measure, journal, onEvent, now: () => performance.now() }, signal);
}

/** No control: it can only turn verdicts into "invalid", and would double the time. */
function planOf({ subject, rule, timing, gates }: CheckBench, seed: number, drag: number): DuetPlan {
  const { base } = subject.commands;
  const head = drag === 0 ? base : [...base, '--set', `slowdown=${drag}`];
  return buildDuetPlan({
    seed,
    base: { kind: 'command', command: base.join(' '), contentHash: null },
    head: { kind: 'command', command: head.join(' '), contentHash: null },
    // An A/A is judged like any other: its alarms are what is counted.
    identical: false,
    control: false,
    rule,
    timing,
    subjects: [{ ...subject, commands: { base, head } }],
    gates,
  });
}
