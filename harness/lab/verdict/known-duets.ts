/** Duets whose answer is known: a server against itself, with a slowdown injected into the head or without. */
import { hodgesLehmann } from '../../analysis/statistics/estimators/hodges-lehmann.ts';
import { UnfitError } from '../../errors.ts';
import type { DuetCourse } from '../../duet/judgement/analysis.ts';
import { gateSamples } from '../../duet/judgement/samples.ts';
import { buildDuetPlan } from '../../duet/planning/build-plan.ts';
import { runDuet, type DuetProcedure } from '../../duet/procedure.ts';
import type { DuetPlan, DuetRule, ServerSubject } from '../../results/schema/duet-plan.ts';
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';
import type { CheckCase } from './cases.ts';

/**
 * The slowdown that is tried, in bytes (the parameter `slowdown` of servers/services/echo.ts): large against the spread of
 * a launch.
 */
export const TRIED_SLOWDOWN = 4000;

/** Launches of the calibration: enough that "5 %" is 5 % give or take a quarter where a launch spreads by 3 %. */
export const CALIBRATION_LAUNCHES = 20;

/** What a message costs beyond the bytes of any slowdown, in bytes: the call. 25 ns beside 0.35 ns a byte, timed in a loop. */
const CALL = 70;

/** What all duets of a check share. */
export interface CheckSetting extends Pick<DuetPlan, 'timing' | 'gates'>, Pick<DuetProcedure, 'measure'> {
  readonly subject: ServerSubject;
  readonly rule: DuetRule;
}

/**
 * Launches with the tried slowdown against none.
 *
 * @returns ln(with slowdown/without) of CPU per exchange, one a launch
 * @throws UnfitError where it could not be measured, the signal's reason
 */
export async function calibrate(setting: CheckSetting, signal: AbortSignal): Promise<readonly number[]> {
  const rule = { ...setting.rule, analyses: [{ launches: CALIBRATION_LAUNCHES, alpha: 0.01 }] };
  const plan = planOf({ ...setting, rule }, 0, TRIED_SLOWDOWN);
  const course = await run(plan, setting, () => {}, signal);
  signal.throwIfAborted();
  const [cpu] = gateSamples(plan, course.records, 'head', CALIBRATION_LAUNCHES);
  if (!cpu || 2 * cpu.d.length <= CALIBRATION_LAUNCHES || !cpu.d.every(Number.isFinite))
    throw new UnfitError('The check could not be calibrated: CPU per exchange was not measured.');
  return cpu.d;
}

/**
 * The slowdown, in bytes, that makes an effect: CPU per exchange grows in proportion to the bytes, with the call counted as
 * some of them.
 *
 * @param d as {@link calibrate} measured it
 * @param effect relative: 0.05 for 5 %
 * @throws UnfitError where the slowdown does not show
 */
export function slowdownFor(d: readonly number[], effect: number): number {
  if (effect === 0) return 0;
  const shown = Math.expm1(hodgesLehmann(d).estimate);
  if (!(shown > 0.05)) {
    throw new UnfitError(
      `${TRIED_SLOWDOWN} bytes slow the server down by ${(100 * shown).toFixed(1)} % only: the check cannot be calibrated here.`,
    );
  }
  return Math.max(1, Math.round(((TRIED_SLOWDOWN + CALL) * effect) / shown - CALL));
}

/** Makes one duet of the check. @returns undefined when stopped */
export async function knownDuet(
  { effect, repetition }: CheckCase,
  slowdown: number,
  setting: CheckSetting,
  onEvent: DuetProcedure['onEvent'],
  signal: AbortSignal,
): Promise<CheckedDuet | undefined> {
  const begin = performance.now();
  const plan = planOf(setting, Math.round(effect * 1000) * 10_000 + repetition, slowdown);
  const course = await run(plan, setting, onEvent, signal);
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
  { measure }: CheckSetting,
  onEvent: DuetProcedure['onEvent'],
  signal: AbortSignal,
): Promise<DuetCourse> {
  const journal = { append: () => {} };
  return await runDuet({ plan, measure, journal, onEvent, now: () => performance.now() }, signal);
}

/** No control: it can only turn verdicts into "invalid", and would double the time. */
function planOf({ subject, rule, timing, gates }: CheckSetting, seed: number, slowdown: number): DuetPlan {
  const { base } = subject.commands;
  const head = slowdown === 0 ? base : [...base, '--set', `slowdown=${slowdown}`];
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
