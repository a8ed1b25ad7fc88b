/** Groups the trials of a run into cells, the input of every analysis. */
import { UnfitError } from '../../errors.ts';
import type { Plan, PlannedScenario, PlannedServer, MetricDefinition } from '../../results/schema/plan.ts';
import type { Run } from '../../results/run.ts';
import type { CompletedTrial, TrialResult } from '../../results/schema/trial.ts';
import { isLowerBound } from '../../results/lower-bound.ts';
import { CORE_METRICS, coreMetrics, readMetric, whyNotResolved } from '../../results/metrics.ts';

/** All trials of one server under one scenario with one number of clients, in the order of execution. */
export interface CellTrials {
  readonly server: PlannedServer;
  readonly scenario: PlannedScenario;
  readonly clients: number;
  /** Number of trials planned, including those added by the precision rule. */
  readonly planned: number;
  readonly results: readonly TrialResult[];
  readonly completed: readonly CompletedTrial[];
  /** Completed trials that passed every validity check: the only ones judged. */
  readonly valid: readonly CompletedTrial[];
}

function isValid(trial: CompletedTrial): boolean {
  return trial.checks.every((check) => check.ok);
}

/**
 * Whether everyone was served in every trial that was not stopped: each is completed and valid, no client was lost or failed,
 * and no connect or exchange failed. Only of such cells can a law of times and throughputs be fitted: elsewhere they are those
 * of fewer clients.
 */
export function servedAll({ results, valid }: Pick<CellTrials, 'results' | 'valid'>): boolean {
  const ended = results.filter(({ status }) => status !== 'aborted');
  return (
    valid.length > 0 &&
    valid.length === ended.length &&
    valid.every(
      ({ load: { clients, connects, exchanges } }) =>
        clients.lost + clients.failed === 0 &&
        [connects, exchanges].every(({ errors }) => Object.values(errors).every((count) => count === 0)),
    )
  );
}

/**
 * Every cell of a run, by scenario, server and number of clients in the plan's order. Trials in a cell are sorted
 * by index.
 *
 * @throws UnfitError when a trial names a server or scenario that is not in the plan
 */
export function cellTrialsOf({ plan, trials }: Pick<Run, 'plan' | 'trials'>): CellTrials[] {
  const wanted = Map.groupBy(plan.trials, cellKey);
  const ran = Map.groupBy(
    trials.toSorted((a, b) => a.trial.index - b.trial.index),
    ({ trial }) => cellKey(trial),
  );
  const keys = new Set([...wanted.keys(), ...ran.keys()]);
  const cells: CellTrials[] = [];
  for (const scenario of plan.scenarios) {
    for (const server of plan.servers) {
      for (const clients of levelsOf(plan, trials)) {
        const key = cellKey({ server: server.name, scenario: scenario.id, clients });
        if (!keys.delete(key)) continue;
        const results = ran.get(key) ?? [];
        const completed = results.filter((result) => result.status === 'completed');
        const indices = new Set(
          [...(wanted.get(key) ?? []), ...results.map(({ trial }) => trial)].map(({ index }) => index),
        );
        cells.push({
          server,
          scenario,
          clients,
          planned: indices.size,
          results,
          completed,
          valid: completed.filter(isValid),
        });
      }
    }
  }
  const [stranger] = keys;
  if (stranger !== undefined) {
    throw new UnfitError(
      `The plan does not hold the trials of ${stranger.split('\0').join(', ')}: plan and trials do not belong together.`,
    );
  }
  return cells;
}

/** The metrics of a scenario: those of every trial, then its own. Ids are unique. */
export function metricsOf(scenario: PlannedScenario): readonly MetricDefinition[] {
  const own = scenario.metrics.filter(({ id }) => !CORE_METRICS.some((metric) => metric.id === id));
  return [...coreMetrics(scenario.warmedBy ? 'warm' : 'cold'), ...own];
}

/** What says how much memory a server takes: that of a connection where all are held, otherwise that of the whole tree. */
export function memoryMetricOf({ holds }: PlannedScenario): 'memory-per-connection' | 'pss-peak' {
  return holds ? 'memory-per-connection' : 'pss-peak';
}

/** The metric that decides a scenario's verdict, or undefined if the plan names an unknown one. */
export function headlineOf(scenario: PlannedScenario): MetricDefinition | undefined {
  return metricsOf(scenario).find(({ id }) => id === scenario.headline);
}

/** The values of a metric in the trials that carry it, in order. */
export function valuesOf(
  metric: MetricDefinition,
  trials: readonly CompletedTrial[],
  scenario: PlannedScenario,
): number[] {
  return trials.flatMap((trial) => readMetric(metric, trial, scenario.idealMs) ?? []);
}

/**
 * Why a cell has no figure of a metric: in any of its trials it was not resolved. A median of the others would be that of
 * trials chosen by their outcome.
 */
export function whyAbsent(
  metric: MetricDefinition,
  trials: readonly CompletedTrial[],
  scenario: PlannedScenario,
): string | undefined {
  const reasons = trials.flatMap((trial) => whyNotResolved(metric, trial, scenario.idealMs) ?? []);
  const [first] = reasons;
  if (first === undefined || reasons.length === trials.length) return first;
  return `in ${reasons.length} of ${trials.length} trials ${first}`;
}

/** Those of the values that are lower bounds. */
export function boundsOf(
  metric: MetricDefinition,
  trials: readonly CompletedTrial[],
  scenario: PlannedScenario,
): number[] {
  return valuesOf(
    metric,
    trials.filter((trial) => isLowerBound(metric, trial)),
    scenario,
  );
}

function levelsOf(plan: Plan, results: readonly TrialResult[]): number[] {
  const levels = new Set([...plan.clients, ...results.map(({ trial }) => trial.clients)]);
  return [...levels].toSorted((a, b) => a - b);
}

function cellKey(cell: {
  readonly server: string;
  readonly scenario: string;
  readonly clients: number;
}): string {
  return `${cell.scenario}\0${cell.server}\0${cell.clients}`;
}

/** CPU per exchange first: beside a busy neighbour it spreads by 4 %, where times spread by 22 %. */
const GATING: readonly string[] = ['cpu-per-exchange', 'throughput', 'latency-p50'];

/**
 * Metrics that decide: the most repeatable first, then the scenario's headline. Tails (p99 and beyond) only inform:
 * they spread too widely for an affordable number of launches.
 */
export function gatingMetrics(scenario: PlannedScenario): MetricDefinition[] {
  const metrics = metricsOf(scenario).filter(({ direction }) => direction !== 'neutral');
  const ids = [...new Set([...GATING, memoryMetricOf(scenario), scenario.headline])];
  return ids.flatMap((id) => metrics.find((metric) => metric.id === id) ?? []);
}
