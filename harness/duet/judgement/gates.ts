/** One gate as a comparison holds it: with its launches, and as an effect of head over base. Pure. */
import type { GateVerdict } from '../../analysis/statistics/duet/duet-decision.ts';
import type { EffectSize, Evidence, JudgedEffect, JudgedGate } from '../../results/schema/comparison.ts';
import type { DuetPlan, PlannedGate, Subject } from '../../results/schema/duet-plan.ts';
import { estimate } from '../../analysis/cells/cells.ts';
import { standardDeviation } from '../../analysis/statistics/estimators/quantile.ts';
import type { DuetCourse } from './analysis.ts';
import { reasonInWords } from './phrases.ts';
import { armValue, completedLaunches, gateSamples } from './samples.ts';

/** The gate with its verdict in words, and what every launch showed. */
export function judgedGate(course: DuetCourse, gate: PlannedGate, verdict: GateVerdict): JudgedGate {
  const logs = (contrast: 'head' | 'control'): number[] =>
    (gateSamples({ gates: [gate] }, course.records, contrast, Infinity)[0]?.d ?? []).filter(Number.isFinite);
  const d = logs('head');
  return {
    name: gate.name,
    subject: gate.subject,
    metric: gate.metric.id,
    delta: gate.delta,
    margin: gate.margin,
    verdict: { ...verdict, reason: reasonInWords(verdict) },
    d,
    controlD: logs('control'),
    spread: d.length < 2 ? null : standardDeviation(d),
  };
}

/** The gate as an effect of a comparison. */
export function effectOf(
  plan: DuetPlan,
  course: DuetCourse,
  { subject, metric }: PlannedGate,
  { verdict, evidence, reason }: JudgedGate['verdict'],
  look: JudgedEffect['look'],
): JudgedEffect {
  const launches = completedLaunches(course.records, subject, 'head', look.launches);
  const estimated = (arm: 'base' | 'head') =>
    estimate(launches.map((launch) => armValue(launch[arm], metric.id)).filter(Number.isFinite)) ?? null;
  return {
    kind: 'judged',
    ...whereOf(plan.subjects.find(({ name }) => name === subject)),
    metric: metric.id,
    base: estimated('base'),
    head: estimated('head'),
    size: evidence && headOverBase(evidence, metric.direction === 'higher'),
    verdict,
    look,
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
