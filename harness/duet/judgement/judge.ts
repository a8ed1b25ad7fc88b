/** From the course of a duet to its comparison. Pure. */
import type { Arm, DuetComparison, JudgedEffect, NotCompared } from '../../results/schema/comparison.ts';
import type { DuetPlan } from '../../results/schema/duet-plan.ts';
import { errorRatesOf } from './error-rates.ts';
import { analyse, type AnalysisOutcome, type DuetCourse } from './analysis.ts';
import { judgedFailures } from './failures.ts';
import { effectOf, judgedGate } from './gates.ts';
import { completedLaunches } from './samples.ts';

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

/** Tells what the last interim analysis decided, and says on what the judgement rests. */
export function judgeDuet(plan: DuetPlan, course: DuetCourse, context: DuetContext): DuetComparison {
  const { environmentDifferences } = context;
  const taken = lastAnalysis(plan, course, environmentDifferences);
  const look = lookOf(plan, taken);
  const gates = plan.gates.map((gate, i) => judgedGate(course, gate, taken.decision.gates[i]!));
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
    effects: plan.gates.map((gate, i) => effectOf(plan, course, gate, gates[i]!.verdict, look)),
    notCompared: context.notCompared,
    duet: {
      runId: context.runId,
      seed: plan.seed,
      planHash: context.planHash,
      verdict: taken.decision.verdict,
      look,
      failures: plan.subjects.map(({ name }, i) =>
        judgedFailures(plan, course.records, name, taken.decision.failures[i]!),
      ),
      gates,
      launches: { completed: completed?.length ?? 0, failed: failed?.length ?? 0 },
      tookMs: context.tookMs,
      aborted: course.aborted,
      errorRates: errorRatesOf(plan, course),
    },
  };
}

/** The last interim analysis; where there was none, or the environment changed meanwhile, one that finds everything invalid. */
function lastAnalysis(plan: DuetPlan, course: DuetCourse, differences: readonly string[]): AnalysisOutcome {
  const last = course.analyses.at(-1);
  if (last && differences.length === 0) return last;
  const first = plan.rule.analyses[0]?.launches ?? 0;
  const why =
    differences.length > 0
      ? `the environment changed while it was measured (${differences.join('; ')})`
      : `stopped after ${Math.min(...roundsMade(plan, course))} of the ${first} launches that the first interim analysis wants`;
  return analyse(plan, course.records, last?.number ?? 0, last?.launches ?? first, why);
}

function roundsMade(plan: DuetPlan, course: DuetCourse): number[] {
  return plan.subjects.map(({ name }) => completedLaunches(course.records, name, 'head').length);
}

function lookOf({ rule }: DuetPlan, { number, launches }: AnalysisOutcome): JudgedEffect['look'] {
  return { number, of: rule.analyses.length, alpha: rule.analyses[number - 1]?.alpha ?? 0, launches };
}

/** Sentences on how the duet was measured, for its reader. */
function remarksOn(plan: DuetPlan, course: DuetCourse): string[] {
  const remarks: string[] = [];
  if (plan.identical) {
    remarks.push(
      'Both arms are the same build, so this is an A/A comparison: it cannot find a regression, and any effect would show that the measurement is faulty.',
    );
  }
  for (const { name, arrangement, arrangedBecause } of plan.subjects) {
    if (arrangement === 'in-turn') remarks.push(`${name} was measured in turn: ${arrangedBecause}.`);
    if (arrangement === 'side-by-side') {
      remarks.push(`${name} varies more between launches than it has to: ${arrangedBecause}.`);
    }
  }
  if (course.aborted) remarks.push('The duet was stopped before it was decided.');
  return remarks;
}
