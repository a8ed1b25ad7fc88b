/** What two runs measured alike, and what they did not. */
import type { ParameterValue, PlannedScenario } from '../../results/schema/plan.ts';
import type { Run } from '../../results/run.ts';
import { cellTrialsOf, type CellTrials } from '../cells/cell-trials.ts';
import type { NotCompared } from '../../results/schema/comparison.ts';

/** The same cell in both runs. */
export interface CellPair {
  readonly base: CellTrials;
  readonly head: CellTrials;
}

export interface Comparable {
  /** Scenarios of both runs, with the same parameters. */
  readonly scenarios: readonly PlannedScenario[];
  readonly pairs: readonly CellPair[];
  readonly notCompared: readonly NotCompared[];
}

/** Pairs up the cells of the same server, scenario (with the same parameters) and number of clients. */
export function comparableCells(base: Run, head: Run): Comparable {
  const [scenarios, notShared] = sharedScenarios(base, head);
  const [first, second] = [cellsOf(base, scenarios), cellsOf(head, scenarios)];
  const unpaired = (cells: CellsByKey, others: CellsByKey, arm: string) =>
    [...cells].flatMap(([key, { server, scenario, clients }]) =>
      others.has(key)
        ? []
        : [{ scenario: scenario.id, server: server.name, clients, why: `only the ${arm} has this cell` }],
    );
  return {
    scenarios,
    pairs: [...first].flatMap(([key, cell]) => {
      const other = second.get(key);
      return other ? [{ base: cell, head: other }] : [];
    }),
    notCompared: [...notShared, ...unpaired(first, second, 'base'), ...unpaired(second, first, 'head')],
  };
}

/** Scenarios of both runs that did the same; the others are named with what differs. */
function sharedScenarios(base: Run, head: Run): readonly [PlannedScenario[], NotCompared[]] {
  const others = new Map(head.plan.scenarios.map((scenario) => [scenario.id, scenario]));
  const notCompared: NotCompared[] = [];
  const shared: PlannedScenario[] = [];
  for (const scenario of base.plan.scenarios) {
    const other = others.get(scenario.id);
    others.delete(scenario.id);
    const differing = other && parameterDifferences(scenario, other);
    if (!differing) notCompared.push({ scenario: scenario.id, why: 'only the base has this scenario' });
    else if (differing.length > 0) {
      notCompared.push({ scenario: scenario.id, why: `its parameters differ: ${differing.join('; ')}` });
    } else shared.push(scenario);
  }
  for (const id of others.keys()) notCompared.push({ scenario: id, why: 'only the head has this scenario' });
  return [shared, notCompared];
}

function parameterDifferences(base: PlannedScenario, head: PlannedScenario): string[] {
  const difference = (name: string, before: ParameterValue = 'not set', after: ParameterValue = 'not set') =>
    before === after ? [] : [`${name} ${before} against ${after}`];
  return [
    ...Object.keys({ ...base.parameters, ...head.parameters }).flatMap((name) =>
      difference(name, base.parameters[name], head.parameters[name]),
    ),
    ...difference('floor', `${base.idealMs} ms`, `${head.idealMs} ms`),
    ...difference('warm-up', `${base.warmupMs} ms`, `${head.warmupMs} ms`),
    ...difference('warm-up of the server', warmedText(base), warmedText(head)),
  ];
}

function warmedText({ warmedBy }: PlannedScenario): string {
  if (!warmedBy) return 'none';
  return warmedBy.kind === 'time' ? `${warmedBy.ms} ms` : `${warmedBy.sessions} sessions`;
}

type CellsByKey = ReadonlyMap<string, CellTrials>;

function cellsOf(run: Run, scenarios: readonly PlannedScenario[]): CellsByKey {
  const ids = new Set(scenarios.map(({ id }) => id));
  return new Map(
    cellTrialsOf(run)
      .filter(({ scenario }) => ids.has(scenario.id))
      .map((cell) => [`${cell.scenario.id}\0${cell.server.name}\0${cell.clients}`, cell]),
  );
}
