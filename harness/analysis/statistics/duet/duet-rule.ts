import type { Evidence, Verdict } from '../../../results/schema/comparison.ts';
import type { DuetRule } from '../../../results/schema/duet-plan.ts';

/** The rule unless the configuration has another. */
export const USUAL_RULE: DuetRule = {
  delta: 0.03,
  margin: 0.05,
  analyses: [
    { launches: 12, alpha: 0.01 },
    { launches: 18, alpha: 0.015 },
    { launches: 24, alpha: 0.025 },
  ],
};

/** What the launches so far say of one gating metric. */
export interface GateSamples {
  readonly name: string;
  /** One figure per launch: the mean of ln(head/base) over its slices, signed so that above 0 is worse. */
  readonly d: readonly number[];
  /** The rule's own unless set. */
  readonly delta?: number;
  readonly margin?: number;
  /** Why the metric cannot be judged (a validity check failed, the control shows an effect), if it cannot. */
  readonly invalid?: string;
}

/** What decided a verdict, besides its {@link Evidence}: the limits that were passed or not, relative. */
export type GateReason =
  /** The effect is at least delta and significant: a regression or an improvement. */
  | { readonly kind: 'effect'; readonly delta: number; readonly alpha: number }
  /** The upper bound lies inside the margin: no change. */
  | { readonly kind: 'bound'; readonly margin: number; readonly alpha: number }
  /** Neither: inconclusive. */
  | { readonly kind: 'undecided'; readonly delta: number; readonly alpha: number }
  /** Some launches lack the metric. */
  | { readonly kind: 'incomplete'; readonly measured: number; readonly launches: number }
  /** The caller ruled the gate out. */
  | { readonly kind: 'ruled-out'; readonly why: string };

/** Effects are ratios of head to base, turned so that above 1 is worse: 1.05 is 5 % worse. */
export interface GateVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  readonly reason: GateReason;
  /** Launches that carried the metric. */
  readonly n: number;
  /** Which interim analysis this was, from 1. */
  readonly look: number;
  /** What the launches show; null when invalid. */
  readonly evidence: Evidence | null;
}
