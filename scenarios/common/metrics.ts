/** Metrics that are read from what a scenario's clients count and record. */
import type { Scenario } from '../../harness/scenario/scenario.ts';

type MetricDefinition = Scenario['metrics'][number];
type Named = Pick<MetricDefinition, 'title' | 'unit' | 'description'>;

/** Median and 99th percentile of a histogram; lower is better. The ids are `NAME-p50` and `NAME-p99`. */
export function percentilesOf(
  name: string,
  { title, unit, description }: Named,
  histogram = name,
): MetricDefinition[] {
  return (['p50', 'p99'] as const).map((statistic) => ({
    id: `${name}-${statistic}`,
    title: `${title} ${statistic}`,
    unit,
    direction: 'lower',
    description:
      statistic === 'p50' ? `${description}; the median.` : 'As the median, at the 99th percentile.',
    source: { from: 'histogram', name: histogram, statistic },
  }));
}

/** A counter as it is; lower is better where nothing else is said. */
export function counterOf(
  name: string,
  definition: Omit<MetricDefinition, 'unit' | 'direction' | 'source'> & Partial<MetricDefinition>,
): MetricDefinition {
  return { unit: 'count', direction: 'lower', source: { from: 'counter', name }, ...definition };
}
