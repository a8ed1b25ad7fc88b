/** What a metric of every trial is, and how one says that it has no figure. */
import type { MetricDefinition } from './schema/plan.ts';
import type { CompletedTrial } from './schema/trial.ts';

/** What metrics are read from. */
export type LoadedTrial = Pick<CompletedTrial, 'load' | 'resources' | 'checks' | 'warmUp' | 'warm'>;

/** Why a trial has no figure where one was looked for: one clause without a full stop. */
export interface NotResolved {
  readonly notResolved: string;
}

export interface TrialMetric extends Omit<MetricDefinition, 'source'> {
  /** The value in one trial, why it is not resolved, or undefined where the trial does not carry it; never 0 in its place. */
  readonly read: (trial: LoadedTrial, idealMs: number) => number | NotResolved | undefined;
}

export function notResolved(why: string): NotResolved {
  return { notResolved: why };
}

/** a / b, or undefined where b is 0. */
export function per(a: number, b: number): number | undefined {
  return b > 0 ? a / b : undefined;
}
