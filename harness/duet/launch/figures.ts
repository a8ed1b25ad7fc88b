/** The figures of one load, read by the same definitions as those of a trial. */
import { CORE_METRICS, readMetric } from '../../results/metrics.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import type { PlannedScenario } from '../../results/schema/plan.ts';
import type { MetricDefinition } from '../../results/schema/metric.ts';
import type { ObservedLoad } from '../../run/observed-load.ts';
import type { Figures } from '../../results/schema/duet-launch.ts';

/** The metrics that a launch under this scenario can carry: those of every trial, then the scenario's own. */
export function launchMetrics(scenario: Pick<PlannedScenario, 'metrics'>): readonly MetricDefinition[] {
  return [...CORE_METRICS, ...scenario.metrics];
}

/** Every metric that the load carries; one that it does not carry is absent, never 0. */
export function figuresOf(observed: ObservedLoad, scenario: PlannedScenario): Figures {
  const { clients, elapsedMs } = observed.load;
  const trial: CompletedTrial = {
    schema: 1,
    status: 'completed',
    trial: {
      index: 0,
      server: '',
      scenario: scenario.id,
      clients: clients.asked,
      repetition: 1,
      seed: 0,
      deadlineMs: 0,
    },
    startedAt: '',
    startedMs: 0,
    phases: { spawnMs: 0, readyMs: 0, prepareMs: 0, loadMs: elapsedMs, stopMs: 0 },
    ...observed,
  };
  const figures: Record<string, number> = {};
  for (const metric of launchMetrics(scenario)) {
    const value = readMetric(metric, trial, scenario.idealMs);
    if (value !== undefined) figures[metric.id] = value;
  }
  return figures;
}
