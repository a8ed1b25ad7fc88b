/** The summary: one cell per server × scenario × clients, an estimate of every metric. Types only; see summarise.ts. */
import type { MetricDefinition } from '../scenario/metric.ts';
import type { Warning } from './warnings/warnings.ts';

/** One metric in one cell, over its trials. */
export interface Estimate {
  /** Trials that carried the metric. */
  readonly n: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Exact order-statistic interval of the median; null where n is too small for 95 %. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
  /** Values beyond Tukey's outer fences: counted, never dropped. */
  readonly outliers: number;
}

/** All trials of one server under one scenario with one number of clients. */
export interface Cell {
  readonly server: string;
  readonly scenario: string;
  readonly clients: number;
  readonly trials: {
    readonly planned: number;
    readonly completed: number;
    readonly failed: number;
    readonly aborted: number;
    /** Of the completed ones, those in which a validity check failed: counted and shown, never judged. */
    readonly invalid: number;
  };
  /** Client outcomes summed over completed trials. */
  readonly outcomes: { readonly asked: number; readonly lost: number; readonly failed: number };
  /** Errors of connects and exchanges by kind, summed over completed trials. */
  readonly errors: Readonly<Record<string, number>>;
  /** By metric id; a metric that no trial carries is absent, never 0. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** `trial.index` of its trials, ascending: the order in which they ran. */
  readonly trialIndices: readonly number[];
  /** No completed trial is valid: the metrics are those of the invalid ones, shown for want of others, never judged. */
  readonly invalidOnly?: boolean;
}

/** Universal Scalability Law fitted to one server's throughput. */
export type ScalingFit =
  | {
      readonly kind: 'fit';
      readonly server: string;
      readonly scenario: string;
      readonly alpha: Interval;
      readonly beta: Interval;
      readonly gamma: Interval;
      /** Clients at which throughput is highest; null where it grows without a peak. */
      readonly knee: Interval | null;
      /** The knee lies beyond the largest level that was measured: a forecast, not a finding. */
      readonly extrapolated?: boolean;
      /** Root mean square of the relative residuals. */
      readonly residual: number;
      /** Points of the fitted curve, for drawing. */
      readonly curve: readonly { readonly clients: number; readonly throughput: number }[];
    }
  | { readonly kind: 'no-fit'; readonly server: string; readonly scenario: string; readonly why: string };

/** A fitted figure with its bootstrap interval. */
export interface Interval {
  readonly value: number;
  /** null where the trials are too few for an interval. */
  readonly low: number | null;
  /** null where the trials are too few for an interval, or set no upper bound (a knee that may not exist). */
  readonly high: number | null;
}

/** Elapsed time that the architecture's analytic model makes of the scenario's floor, and where the measurement deviates. */
export interface ModelCurve {
  readonly server: string;
  readonly scenario: string;
  readonly points: readonly { readonly clients: number; readonly elapsedMs: number; readonly lost: number }[];
  /** Sentences that name where and how far the measurement is off. */
  readonly deviations: readonly string[];
}

/** One sentence of the verdict, made of figures and their intervals. */
export interface VerdictSentence {
  readonly scenario: string;
  readonly server?: string;
  readonly text: string;
}

export interface Summary {
  readonly schema: 1;
  readonly runId: string;
  readonly metrics: readonly MetricDefinition[];
  readonly cells: readonly Cell[];
  readonly verdict: readonly VerdictSentence[];
  readonly warnings: readonly Warning[];
  readonly scaling: readonly ScalingFit[];
  readonly models: readonly ModelCurve[];
  readonly totals: {
    readonly planned: number;
    readonly completed: number;
    readonly failed: number;
    readonly aborted: number;
    readonly invalid: number;
  };
}
