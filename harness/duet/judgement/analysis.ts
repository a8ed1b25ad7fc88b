/** One interim analysis of a duet: what the launches so far decide. Pure. */
import { decideDuet, type DuetDecision } from '../../analysis/statistics/duet/duet-decision.ts';
import type { DuetPlan, LaunchRecord } from '../../results/schema/duet-plan.ts';
import { distrust } from './phrases.ts';
import { failureSamples } from './failures.ts';
import { gateSamples } from './samples.ts';

/** One interim analysis: what was decided, and what the control showed. */
export interface AnalysisOutcome {
  /** From 1. */
  readonly number: number;
  readonly launches: number;
  readonly decision: DuetDecision;
  /** The base against its copy; null where there is no control, as where the comparison is its own. */
  readonly control: DuetDecision | null;
}

/** How far a duet came. */
export interface DuetCourse {
  readonly records: readonly LaunchRecord[];
  readonly analyses: readonly AnalysisOutcome[];
  /** Stopped from outside before it was decided. */
  readonly aborted: boolean;
}

/**
 * Judges what has been measured after so many launches; nothing can be judged where equal builds differ, except that the
 * head fails: that is a fact whatever the control shows of the costs.
 *
 * @param invalid why nothing can be judged at all
 */
export function analyse(
  plan: DuetPlan,
  records: readonly LaunchRecord[],
  number: number,
  launches: number,
  invalid?: string,
): AnalysisOutcome {
  const { rule, identical } = plan;
  const samples = gateSamples(plan, records, 'head', launches);
  const failed = failureSamples(plan, records, launches);
  const decide = (ofGates: string | undefined, ofFailures: string | undefined): DuetDecision =>
    decideDuet(ruledOut(samples, ofGates), launches, rule, ruledOut(failed, ofFailures));
  const first = decide(invalid, invalid);
  const control = plan.control
    ? decideDuet(gateSamples(plan, records, 'control', launches), launches, rule)
    : null;
  const ofEquals = identical ? first : control;
  const why = (ofEquals && distrust(ofEquals, identical)) ?? undefined;
  const decision =
    invalid !== undefined || why === undefined ? first : decide(why, identical ? why : undefined);
  return { number, launches, decision, control };
}

function ruledOut<T extends { readonly invalid?: string }>(
  samples: readonly T[],
  why?: string,
): readonly T[] {
  return why === undefined ? samples : samples.map((each) => ({ ...each, invalid: why }));
}
