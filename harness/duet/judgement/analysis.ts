/** One interim analysis of a duet: what the launches so far decide. Pure. */
import { decideDuet, type DuetDecision } from '../../analysis/statistics/duet/duet-decision.ts';
import type { DuetPlan, LaunchRecord } from '../../results/schema/duet-plan.ts';
import { distrust } from './phrases.ts';
import { gateSamples, type Obstacles } from './samples.ts';

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
  readonly obstacles: Obstacles;
}

/** Judges what has been measured after so many launches; nothing can be judged where equal builds differ. */
export function analyse(
  plan: DuetPlan,
  records: readonly LaunchRecord[],
  obstacles: Obstacles,
  number: number,
  launches: number,
): AnalysisOutcome {
  const { rule, identical } = plan;
  const samples = gateSamples(plan, records, 'head', launches, obstacles);
  const first = decideDuet(samples, launches, rule);
  const control = plan.control
    ? decideDuet(gateSamples(plan, records, 'control', launches, obstacles), launches, rule)
    : null;
  const ofEquals = identical ? first : control;
  const why = ofEquals && distrust(ofEquals, identical);
  const decision =
    why === null
      ? first
      : decideDuet(
          samples.map((gate) => ({ ...gate, invalid: gate.invalid ?? why })),
          launches,
          rule,
        );
  return { number, launches, decision, control };
}
