/** What a figure is: its name, unit, direction and where it is read. Nothing else in the tree repeats these. */
import * as z from 'zod';
import type { Immutable } from './leaves.ts';

/** Units of metrics. Display formats (kB, s, %) are chosen by the reports. */
export type Unit = z.infer<typeof unit>;
const unit = z.enum(['ms', 'us', 'bytes', 'count', 'per-second', 'ratio']);

/** Percentiles and moments that every stored histogram carries. */
export type HistogramStatistic = z.infer<typeof histogramStatistic>;
const histogramStatistic = z.enum(['p50', 'p90', 'p99', 'p999', 'mean', 'max', 'min']);

const source = z.discriminatedUnion('from', [
  /** A figure of the trial itself; `harness/results/metrics.ts` knows how it is read. */
  z.object({ from: z.literal('trial') }),
  /** A counter that the scenario's clients increased, as it is or divided. */
  z.object({
    from: z.literal('counter'),
    name: z.string(),
    per: z.enum(['second', 'exchange', 'client']).exactOptional(),
  }),
  /** A statistic of a histogram that the scenario's clients recorded into. */
  z.object({ from: z.literal('histogram'), name: z.string(), statistic: histogramStatistic }),
]);

/** One metric, defined once for summary, verdict, report and docs. */
export type MetricDefinition = Immutable<z.infer<typeof metricDefinition>>;
export const metricDefinition = z.object({
  /** Unique in a run; scenario metrics are prefixed with nothing but must not collide with the trial's own. */
  id: z.string(),
  /** A short name for tables and axes, without the unit. */
  title: z.string(),
  unit,
  /** Which way is better; `neutral` figures are shown and never judged. */
  direction: z.enum(['lower', 'higher', 'neutral']),
  /** One or two sentences: what it is and how it is measured. */
  description: z.string(),
  /** Where the metric's value in one trial comes from. */
  source,
});
