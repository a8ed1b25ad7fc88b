/** A duet as a Comparison: every gate an effect with its verdict, and what the verdict rests on. Types only. */
import type { Comparison, JudgedEffect } from '../../analysis/comparison/comparison.ts';
import type { Rate } from '../../analysis/statistics/tests/clopper-pearson.ts';
import type { GateVerdict, Verdict } from '../../analysis/statistics/duet/duet-rule.ts';

/** One gate with its launches. */
export interface JudgedGate {
  /** Unique: `subject: metric`. */
  readonly name: string;
  readonly subject: string;
  /** Id of the metric. */
  readonly metric: string;
  readonly delta: number;
  readonly margin: number;
  /** Effects here are turned so that above 1 is worse, whatever the metric. */
  readonly verdict: Omit<GateVerdict, 'reason'> & {
    /** One sentence with the figures that decided. */
    readonly reason: string;
  };
  /** ln(head/base) of each launch, above 0 is worse; by round. */
  readonly d: readonly number[];
  /** The same of the base against its copy; empty where there was no control. */
  readonly controlD: readonly number[];
  /** Standard deviation of a launch's d; null with fewer than two launches. */
  readonly spread: number | null;
}

/** How often this procedure errs on launches like those of this duet, by simulation on its control. */
export interface ErrorRates {
  readonly repetitions: number;
  /** Launches that were drawn from. */
  readonly launches: number;
  /** Whole comparisons without a difference that end in a regression. */
  readonly falseAlarms: Rate;
  /** For the first gate of each subject: how often a slow-down is found. */
  readonly power: readonly { readonly gate: string; readonly effect: number; readonly found: Rate }[];
}

export interface DuetDetails {
  readonly runId: string;
  readonly seed: number;
  /** SHA-256 of plan.json, which was written before the first launch. */
  readonly planHash: string;
  /** The gravest verdict of any gate. */
  readonly verdict: Verdict;
  /** The last interim analysis that was made; number 0 when it was stopped before the first. */
  readonly look: JudgedEffect['look'];
  readonly gates: readonly JudgedGate[];
  readonly launches: { readonly completed: number; readonly failed: number };
  readonly tookMs: number;
  /** Stopped before it was decided. */
  readonly aborted: boolean;
  readonly errorRates: ErrorRates | null;
}

export interface DuetComparison extends Comparison {
  readonly kind: 'duet';
  readonly effects: readonly JudgedEffect[];
  readonly duet: DuetDetails;
}
