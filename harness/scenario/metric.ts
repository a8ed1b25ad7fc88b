/** What a figure is: its name, unit, direction and where it is read. Nothing else in the tree repeats these. */

/** Units of metrics. Display formats (kB, s, %) are chosen by the reports. */
export type Unit = 'ms' | 'us' | 'bytes' | 'count' | 'per-second' | 'ratio';

/** Percentiles and moments that every stored histogram carries. */
export type HistogramStatistic = 'p50' | 'p90' | 'p99' | 'p999' | 'mean' | 'max' | 'min';

/** Where a metric's value in one trial comes from. */
export type MetricSource =
  /** A figure of the trial itself; `harness/results/metrics.ts` knows how it is read. */
  | { readonly from: 'trial' }
  /** A counter that the scenario's clients increased, as it is or divided. */
  | { readonly from: 'counter'; readonly name: string; readonly per?: 'second' | 'exchange' | 'client' }
  /** A statistic of a histogram that the scenario's clients recorded into. */
  | { readonly from: 'histogram'; readonly name: string; readonly statistic: HistogramStatistic };

/** One metric, defined once for summary, verdict, report and docs. */
export interface MetricDefinition {
  /** Unique in a run; scenario metrics are prefixed with nothing but must not collide with the trial's own. */
  readonly id: string;
  /** A short name for tables and axes, without the unit. */
  readonly title: string;
  readonly unit: Unit;
  /** Which way is better; `neutral` figures are shown and never judged. */
  readonly direction: 'lower' | 'higher' | 'neutral';
  /** One or two sentences: what it is and how it is measured. */
  readonly description: string;
  readonly source: MetricSource;
}
