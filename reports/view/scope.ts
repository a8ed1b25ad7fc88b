/** Run and summary, indexed once: what every part of the view model looks things up in. */
import type { Cell, Summary } from '../../harness/results/schema/summary.ts';
import type {
  Plan,
  PlannedScenario,
  PlannedServer,
  MetricDefinition,
} from '../../harness/results/schema/plan.ts';
import type { TrialResult } from '../../harness/results/schema/trial.ts';

/** One scenario of the run with everything that belongs to it. */
export interface ScenarioScope {
  readonly index: number;
  readonly scenario: PlannedScenario;
  readonly servers: readonly PlannedServer[];
  /** Client counts for which there are cells, ascending. */
  readonly levels: readonly number[];
  readonly metrics: ReadonlyMap<string, MetricDefinition>;
  /** Cells of a server by index, ascending by clients. */
  cellsOf(server: number): readonly Cell[];
  cellAt(server: number, clients: number): Cell | undefined;
  trialsOf(cell: Cell): readonly TrialResult[];
  readonly summary: Summary;
}

/** One scope per planned scenario, in the order of the plan. */
export function scopesOf(plan: Plan, results: readonly TrialResult[], summary: Summary): ScenarioScope[] {
  const trials = new Map(results.map((trial) => [trial.trial.index, trial]));
  const trialsOf = (cell: Cell): TrialResult[] =>
    cell.trialIndices.flatMap((index) => trials.get(index) ?? []);
  const groups = Map.groupBy(summary.cells, (cell) => JSON.stringify([cell.scenario, cell.server]));
  return plan.scenarios.map((scenario, index) => {
    const byServer = plan.servers.map(({ name }) =>
      (groups.get(JSON.stringify([scenario.id, name])) ?? []).toSorted((a, b) => a.clients - b.clients),
    );
    const at = byServer.map((cells) => new Map(cells.map((cell) => [cell.clients, cell])));
    const levels = [...new Set(byServer.flatMap((cells) => cells.map((cell) => cell.clients)))];
    return {
      index,
      scenario,
      servers: plan.servers,
      levels: levels.sort((a, b) => a - b),
      metrics: new Map([...summary.metrics, ...scenario.metrics].map((metric) => [metric.id, metric])),
      cellsOf: (server) => byServer[server] ?? [],
      cellAt: (server, clients) => at[server]?.get(clients),
      trialsOf,
      summary,
    };
  });
}
