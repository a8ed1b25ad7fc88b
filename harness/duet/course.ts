/** How far a duet came. Types only. */
import type { DuetDecision } from '../analysis/statistics/duet/duet-decision.ts';
import type { LaunchRecord } from '../results/schema/duet-plan.ts';

/** Why a subject could not be judged, by its name. */
export type Obstacles = ReadonlyMap<string, string>;

/** One interim analysis: what was decided, and what the control showed. */
export interface AnalysisOutcome {
  /** From 1. */
  readonly number: number;
  readonly launches: number;
  readonly decision: DuetDecision;
  /** The base against its copy; null where there is no control, as where the comparison is its own. */
  readonly control: DuetDecision | null;
}

export interface DuetCourse {
  readonly records: readonly LaunchRecord[];
  readonly analyses: readonly AnalysisOutcome[];
  /** Stopped from outside before it was decided. */
  readonly aborted: boolean;
  /** Subjects that could not be measured, with the reason. */
  readonly obstacles: Obstacles;
}
