/** What two runs measured alike, and what they did not. */
import type { PlannedScenario } from '../../results/schema/plan.ts';
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
  const scenarios = sharedScenarios(base, head);
  const cells = sharedCells(base, head, scenarios.shared);
  return {
    scenarios: scenarios.shared,
    pairs: cells.pairs,
    notCompared: [...scenarios.notCompared, ...cells.notCompared],
  };
}

/** Scenarios of both runs that did the same; the others are named with what differs. */
function sharedScenarios(
  base: Run,
  head: Run,
): {
  readonly shared: readonly PlannedScenario[];
  readonly notCompared: readonly NotCompared[];
} {
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
  return { shared, notCompared };
}

function parameterDifferences(base: PlannedScenario, head: PlannedScenario): string[] {
  const names = new Set([...Object.keys(base.parameters), ...Object.keys(head.parameters)]);
  const parameters = [...names].flatMap((name) => {
    const [before, after] = [base.parameters[name], head.parameters[name]];
    return before === after ? [] : [`${name} ${before ?? 'not set'} against ${after ?? 'not set'}`];
  });
  const floor = base.idealMs === head.idealMs ? [] : [`floor ${base.idealMs} ms against ${head.idealMs} ms`];
  const warmup =
    base.warmupMs === head.warmupMs ? [] : [`warm-up ${base.warmupMs} ms against ${head.warmupMs} ms`];
  return [...parameters, ...floor, ...warmup];
}

function sharedCells(
  base: Run,
  head: Run,
  scenarios: readonly PlannedScenario[],
): { readonly pairs: readonly CellPair[]; readonly notCompared: readonly NotCompared[] } {
  const ids = new Set(scenarios.map(({ id }) => id));
  const keyOf = ({ server, scenario, clients }: CellTrials) => `${scenario.id}\0${server.name}\0${clients}`;
  const cellsOf = (run: Run) =>
    new Map(
      cellTrialsOf(run)
        .filter(({ scenario }) => ids.has(scenario.id))
        .map((cell) => [keyOf(cell), cell]),
    );
  const [first, second] = [cellsOf(base), cellsOf(head)];
  const only = (
    cells: ReadonlyMap<string, CellTrials>,
    others: ReadonlyMap<string, CellTrials>,
    arm: string,
  ) =>
    [...cells].flatMap(([key, { server, scenario, clients }]) =>
      others.has(key)
        ? []
        : [{ scenario: scenario.id, server: server.name, clients, why: `only the ${arm} has this cell` }],
    );
  return {
    pairs: [...first].flatMap(([key, cell]) => {
      const other = second.get(key);
      return other ? [{ base: cell, head: other }] : [];
    }),
    notCompared: [...only(first, second, 'base'), ...only(second, first, 'head')],
  };
}
