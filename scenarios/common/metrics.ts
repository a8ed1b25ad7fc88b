/** Metrics that are read from what a scenario's clients count and record. */
import type { Scenario } from '../../harness/scenario/scenario.ts';

type MetricDefinition = Scenario['metrics'][number];
type Named = Pick<MetricDefinition, 'title' | 'unit' | 'description'>;
type Statistic = Extract<MetricDefinition['source'], { from: 'histogram' }>['statistic'];

/** One statistic of a histogram; lower is better. The id is `HISTOGRAM-STATISTIC`. */
export function statisticOf(histogram: string, statistic: Statistic, named: Named): MetricDefinition {
  const source = { from: 'histogram', name: histogram, statistic } as const;
  return { id: `${histogram}-${statistic}`, direction: 'lower', source, ...named };
}

/** Median and 99th percentile of a histogram; lower is better. The ids are `NAME-p50` and `NAME-p99`. */
export function percentilesOf(name: string, named: Named, histogram = name): MetricDefinition[] {
  const { title, description } = named;
  const described = { p50: `${description}; the median.`, p99: 'As the median, at the 99th percentile.' };
  return (['p50', 'p99'] as const).map((statistic) => ({
    ...statisticOf(histogram, statistic, {
      ...named,
      title: `${title} ${statistic}`,
      description: described[statistic],
    }),
    id: `${name}-${statistic}`,
  }));
}

/** A counter as it is; lower is better where nothing else is said. */
export function counterOf(
  name: string,
  definition: Omit<MetricDefinition, 'unit' | 'direction' | 'source'> & Partial<MetricDefinition>,
): MetricDefinition {
  return { unit: 'count', direction: 'lower', source: { from: 'counter', name }, ...definition };
}
