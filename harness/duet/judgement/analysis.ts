/** One interim analysis of a duet: what the launches so far decide. Pure. */
import { decideDuet } from '../../analysis/statistics/duet/duet-decision.ts';
import type { AnalysisOutcome, Obstacles } from '../course.ts';
import type { DuetPlan, LaunchRecord } from '../../results/schema/duet-plan.ts';
import { distrust } from './phrases.ts';
import { gateSamples } from './samples.ts';

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
