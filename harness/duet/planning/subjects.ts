/** What a duet compares and judges: subjects and gates from the configuration. */
import { UsageError, didYouMean } from '../../errors.ts';
import type { NotCompared } from '../../results/schema/comparison.ts';
import type { PlannedScenario, PlannedServer, MetricDefinition } from '../../results/schema/plan.ts';
import type { DuetConfig, GateSetting } from '../../results/schema/duet-config.ts';
import type { MicroSubject, PlannedGate, ServerSubject, Subject } from '../../results/schema/duet-plan.ts';
import { launchMetrics } from '../launch/figures.ts';
import { canHold } from '../launch/loads.ts';
import type { Arranged } from './arrange.ts';

/** A server of the catalogue, or of the user's, under the configured load. */
export function serverSubject(
  server: { readonly base: PlannedServer; readonly head: PlannedServer },
  scenario: PlannedScenario,
  config: Pick<DuetConfig, 'clients' | 'holdClients'>,
  arranged: Arranged,
): ServerSubject {
  const { name, announces, stopSignal, commands } = server.base;
  const capacity = capacityOf(server.base.analytic);
  return {
    kind: 'server',
    name,
    ...arranged,
    scenario,
    clients: Math.min(config.clients, capacity),
    holdClients: canHold(scenario) && capacity >= config.holdClients ? config.holdClients : null,
    commands: { base: commands[scenario.id] ?? [], head: server.head.commands[scenario.id] ?? [] },
    announces,
    stopSignal,
  };
}

/** Clients that it serves at once: those beyond would wait for the others to end, which they do not in a duet. */
function capacityOf(analytic: PlannedServer['analytic']): number {
  if (analytic?.kind === 'iterative') return 1;
  return analytic?.kind === 'pool' ? analytic.slots : Infinity;
}

/** @param file a tinybench file, relative to the builds. Which benchmarks both have is found out later */
export function microSubject(file: string, arranged: Arranged): MicroSubject {
  return { kind: 'micro', name: 'micro', file, benchmarks: [], ...arranged };
}

/** What is judged, and what is not, with the reason. */
export interface Family {
  readonly gates: readonly PlannedGate[];
  readonly left: readonly NotCompared[];
}

/**
 * The gates of all subjects: one family.
 *
 * @throws UsageError for a gate that no launch carries, or that has no better and worse
 */
export function familyOf(
  subjects: readonly Subject[],
  config: Pick<DuetConfig, 'gates' | 'microGate' | 'rule'>,
): Family {
  const gates: PlannedGate[] = [];
  const left: NotCompared[] = [];
  for (const subject of subjects) {
    if (subject.kind === 'micro') {
      for (const name of subject.benchmarks)
        gates.push(gateOf(subject.name, microMetric(name), config.microGate, config));
      continue;
    }
    for (const [id, setting] of Object.entries(config.gates)) {
      const metric = gatingMetric(id, subject.scenario);
      if (id === 'memory-per-connection' && subject.holdClients === null) {
        left.push({
          scenario: subject.scenario.id,
          server: subject.name,
          why: `${metric.title}: the server and the scenario cannot hold enough idle connections`,
        });
      } else gates.push(gateOf(subject.name, metric, setting, config));
    }
  }
  if (gates.length === 0)
    throw new UsageError('There is nothing to judge: no gate applies to both builds (docs/duet.md).');
  return { gates, left };
}

function gateOf(
  subject: string,
  metric: MetricDefinition,
  { delta, margin }: GateSetting,
  { rule }: Pick<DuetConfig, 'rule'>,
): PlannedGate {
  return {
    name: `${subject}: ${metric.title}`,
    subject,
    metric,
    delta: delta ?? rule.delta,
    margin: margin ?? rule.margin,
  };
}

function gatingMetric(id: string, scenario: PlannedScenario): MetricDefinition {
  const metrics = launchMetrics(scenario).filter(({ direction }) => direction !== 'neutral');
  const metric = metrics.find((each) => each.id === id);
  if (metric) return metric;
  const known = metrics.map((each) => each.id);
  throw new UsageError(
    `gates.${id}: scenario ${scenario.id} has no metric of that name that could be judged${didYouMean(id, known)}`,
  );
}

/** A benchmark as a metric. */
function microMetric(name: string): MetricDefinition {
  return {
    id: name,
    title: name,
    unit: 'us',
    direction: 'lower',
    description: `Median time of one call of the benchmark "${name}".`,
    source: { from: 'trial' },
  };
}
