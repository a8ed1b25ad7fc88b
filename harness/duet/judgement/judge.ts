/** From the course of a duet to its comparison. Pure. */
import type { Arm, EffectSize, JudgedEffect, NotCompared } from '../../analysis/comparison/comparison.ts';
import { estimate } from '../../analysis/cells/estimate.ts';
import type { Evidence, GateVerdict } from '../../analysis/statistics/duet/duet-rule.ts';
import { moments } from '../../analysis/statistics/estimators/moments.ts';
import type { DuetComparison, JudgedGate } from './comparison.ts';
import { errorRatesOf } from './error-rates.ts';
import type { DuetPlan, PlannedGate, Subject } from '../planning/plan.ts';
import { look, type DuetCourse, type LookTaken } from '../procedure.ts';
import { completedLaunches, gateSamples, sideValue } from './samples.ts';

/** What is known of a duet besides plan and course. */
export interface DuetContext {
  readonly runId: string;
  readonly planHash: string;
  readonly base: Arm;
  readonly head: Arm;
  /** In what the environment at the end differs from that at the start. */
  readonly environmentDifferences: readonly string[];
  readonly remarks: readonly string[];
  readonly notCompared: readonly NotCompared[];
  readonly tookMs: number;
}

/** Judges the last look that was taken, and says on what the judgement rests. */
export function judgeDuet(plan: DuetPlan, course: DuetCourse, context: DuetContext): DuetComparison {
  const { environmentDifferences } = context;
  const taken = lastLook(plan, course, environmentDifferences);
  const gates = plan.gates.map((gate, i) => judgedGate(plan, course, gate, taken.decision.gates[i]!));
  const { completed, failed } = Object.groupBy(course.records, ({ status }) => status);
  return {
    schema: 1,
    kind: 'duet',
    base: context.base,
    head: context.head,
    environmentDifferences,
    forced: false,
    remarks: [...remarksOn(plan, course), ...context.remarks],
    metrics: [...new Map(plan.gates.map(({ metric }) => [metric.id, metric])).values()],
    effects: plan.gates.map((gate, i) => effectOf(plan, course, gate, gates[i]!.verdict, taken)),
    notCompared: context.notCompared,
    duet: {
      runId: context.runId,
      seed: plan.seed,
      planHash: context.planHash,
      verdict: taken.decision.verdict,
      look: lookOf(plan, taken),
      gates,
      launches: { completed: completed?.length ?? 0, failed: failed?.length ?? 0 },
      tookMs: context.tookMs,
      aborted: course.aborted,
      errorRates: errorRatesOf(plan, course),
    },
  };
}

/** The last look; where there was none, or the environment changed under it, one that finds everything invalid. */
function lastLook(plan: DuetPlan, course: DuetCourse, differences: readonly string[]): LookTaken {
  const last = course.looks.at(-1);
  if (last && differences.length === 0) return last;
  const first = plan.rule.looks[0]?.launches ?? 0;
  const why =
    differences.length > 0
      ? `the environment changed while it was measured (${differences.join('; ')})`
      : `stopped after ${Math.min(...roundsMade(plan, course))} of the ${first} launches that the first look wants`;
  const everything = new Map(plan.subjects.map(({ name }) => [name, why]));
  return look(plan, course.records, everything, last?.number ?? 0, last?.launches ?? first);
}

function roundsMade(plan: DuetPlan, course: DuetCourse): number[] {
  return plan.subjects.map(({ name }) => completedLaunches(course.records, name, 'head').length);
}

function lookOf({ rule }: DuetPlan, { number, launches }: LookTaken): JudgedEffect['look'] {
  return { number, of: rule.looks.length, alpha: rule.looks[number - 1]?.alpha ?? 0, launches };
}

function judgedGate(plan: DuetPlan, course: DuetCourse, gate: PlannedGate, verdict: GateVerdict): JudgedGate {
  const logs = (contrast: 'head' | 'control'): number[] =>
    (gateSamples({ gates: [gate] }, course.records, contrast, Infinity)[0]?.d ?? []).filter(Number.isFinite);
  const d = logs('head');
  return {
    name: gate.name,
    subject: gate.subject,
    metric: gate.metric.id,
    delta: gate.delta,
    margin: gate.margin,
    verdict,
    d,
    controlD: logs('control'),
    spread: d.length < 2 ? null : moments(d).sd,
  };
}

/** The gate as an effect of a comparison. */
function effectOf(
  plan: DuetPlan,
  course: DuetCourse,
  { subject, metric }: PlannedGate,
  { verdict, evidence, reason }: GateVerdict,
  taken: LookTaken,
): JudgedEffect {
  const launches = completedLaunches(course.records, subject, 'head', taken.launches);
  const estimated = (side: 'base' | 'other') =>
    estimate(launches.map((launch) => sideValue(launch[side], metric.id)).filter(Number.isFinite)) ?? null;
  return {
    kind: 'judged',
    ...whereOf(plan.subjects.find(({ name }) => name === subject)),
    metric: metric.id,
    base: estimated('base'),
    head: estimated('other'),
    size: evidence && headOverBase(evidence, metric.direction === 'higher'),
    verdict,
    look: lookOf(plan, taken),
    evidence,
    reason,
  };
}

function whereOf(subject: Subject | undefined): Pick<JudgedEffect, 'server' | 'scenario' | 'clients'> {
  return subject?.kind === 'server'
    ? { server: subject.name, scenario: subject.scenario.id, clients: subject.clients }
    : { server: subject?.name ?? '', scenario: 'micro', clients: 1 };
}

/** Evidence is turned so that above 1 is worse; a comparison's effect is head over base. */
function headOverBase({ effect, interval }: Evidence, turned: boolean): EffectSize {
  if (!turned) return { scale: 'ratio', value: effect, interval };
  return {
    scale: 'ratio',
    value: 1 / effect,
    interval: interval && { ...interval, low: 1 / interval.high, high: 1 / interval.low },
  };
}

function remarksOn(plan: DuetPlan, course: DuetCourse): string[] {
  const remarks: string[] = [];
  if (plan.identical) {
    remarks.push(
      'Both arms are the same build, so this is an A/A: it cannot find a regression, and an effect would condemn the apparatus.',
    );
  }
  for (const { name, arrangement, arrangedBecause } of plan.subjects) {
    if (arrangement === 'in-turn') remarks.push(`${name} was measured in turn: ${arrangedBecause}.`);
    if (arrangement === 'side-by-side') {
      remarks.push(`${name} spreads more widely from launch to launch than it need: ${arrangedBecause}.`);
    }
  }
  const failures = course.records.filter(({ status }) => status === 'failed');
  const reasons = [
    ...new Set(failures.flatMap((record) => (record.status === 'failed' ? [record.reason] : []))),
  ];
  if (failures.length > 0) {
    remarks.push(
      `${failures.length} of ${course.records.length} launches failed and were made again: ${reasons.slice(0, 3).join(' · ')}`,
    );
  }
  if (course.aborted) remarks.push('Stopped before it was decided.');
  return remarks;
}
