/** The figures of one load, read by the same definitions as those of a trial. */
import { coreMetrics, readMetric } from '../../results/metrics.ts';
import type { PlannedScenario, MetricDefinition } from '../../results/schema/plan.ts';
import type { ObservedLoad } from '../../run/observed-load.ts';
import type { Figures } from '../../results/schema/duet-plan.ts';

/** The metrics that a launch under this scenario can carry: those of every trial, then the scenario's own. */
export function launchMetrics({ metrics }: PlannedScenario): readonly MetricDefinition[] {
  return [...coreMetrics('warm'), ...metrics];
}

/** Every metric that the load carries; one that it does not carry is absent, never 0. */
export function figuresOf(observed: ObservedLoad, scenario: PlannedScenario): Figures {
  const figures: Record<string, number> = {};
  for (const metric of launchMetrics(scenario)) {
    const value = readMetric(metric, observed, scenario.idealMs);
    if (value !== undefined) figures[metric.id] = value;
  }
  return figures;
}
