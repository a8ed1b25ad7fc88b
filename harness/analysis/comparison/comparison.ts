/**
 * A comparison of two arms, base and head: of two runs (advisory), or of two builds measured in turn (a duet). Types
 * only; compare.ts makes it of two runs.
 */
import type { MetricDefinition } from '../../results/schema/metric.ts';
import type { Estimate, Interval } from '../../results/schema/leaves.ts';
import type { Evidence, InterimAnalysis, Verdict } from '../statistics/duet/duet-rule.ts';

/** One side of a comparison. */
export interface Arm {
  /** What a reader knows it by, such as the id of a run or a git revision. */
  readonly label: string;
  readonly toolVersion: string;
  readonly startedAt: string;
}

/** By how much the head differs from the base, as it is: more is more, whichever way is better. */
export type EffectSize =
  /** Head over base: 1.05 is 5 % more. For figures that are above zero in every sample. */
  | { readonly scale: 'ratio'; readonly value: number; readonly interval: Interval | null }
  /** Head minus base, in the unit of the metric, where a ratio is not defined. */
  | { readonly scale: 'difference'; readonly value: number; readonly interval: Interval | null };

/** What two runs of different times allow to be said, which is less than a verdict. */
export type Shift = 'worse' | 'better' | 'not-told';

/** Base against head in one metric of one cell. */
export type Effect = AdvisoryEffect | JudgedEffect;

interface EffectCommon {
  readonly server: string;
  readonly scenario: string;
  readonly clients: number;
  /** Id of the metric. */
  readonly metric: string;
  /** One sentence with the figures that decided the outcome. */
  readonly reason: string;
}

/** Of two runs: trials that are not paired, over as much time as lies between the runs. */
export interface AdvisoryEffect extends EffectCommon {
  readonly kind: 'advisory';
  readonly base: Estimate;
  readonly head: Estimate;
  readonly size: EffectSize;
  /** p that there is no difference, by itself and adjusted for everything that was compared (Holm). */
  readonly p: number;
  readonly adjustedP: number;
  readonly shift: Shift;
}

/** Of a duet: launches in which both arms were measured in turn, decided by a rule that was fixed before. */
export interface JudgedEffect extends EffectCommon {
  readonly kind: 'judged';
  /** null where no launch carried the metric. */
  readonly base: Estimate | null;
  readonly head: Estimate | null;
  /** null where the verdict is `invalid`. */
  readonly size: EffectSize | null;
  readonly verdict: Verdict;
  /** Which interim analysis of how many decided, from 1, after how many launches, and what false-alarm rate it could spend. */
  readonly look: InterimAnalysis & { readonly number: number; readonly of: number };
  /** What the launches show, turned so that above 1 is worse; null where the verdict is `invalid`. */
  readonly evidence: Evidence | null;
}

/** What could not be compared, and why. */
export interface NotCompared {
  readonly scenario: string;
  readonly server?: string;
  readonly clients?: number;
  readonly why: string;
}

export interface Comparison {
  readonly schema: 1;
  /** `runs`: every effect is advisory, none has a verdict. `duet`: every effect is judged. */
  readonly kind: 'runs' | 'duet';
  readonly base: Arm;
  readonly head: Arm;
  /** In what the environments differ. Not empty only where the comparison was forced. */
  readonly environmentDifferences: readonly string[];
  /** The comparison was made although it should be refused. */
  readonly forced: boolean;
  /** Sentences for the reader, the gravest first. */
  readonly remarks: readonly string[];
  /** Definitions of the metrics that are compared, in the order in which they are shown. */
  readonly metrics: readonly MetricDefinition[];
  readonly effects: readonly Effect[];
  readonly notCompared: readonly NotCompared[];
}
