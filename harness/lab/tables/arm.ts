/** What a table measures: servers as they are started, each under a load of its own, and the plan that this makes. */
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers, type Sizing } from '../../catalogue/servers.ts';
import { buildPlan } from '../../plan/build.ts';
import type { Plan, PlannedServer } from '../../results/schema/plan.ts';
import type { Cores } from './cores.ts';

/** A scenario with its parameters and the number of its clients. */
export interface Load {
  /** Unique among the loads of a table. */
  readonly id: string;
  /** Name or file, as `--scenario` takes it. */
  readonly scenario: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly clients: number;
}

/** One server of ours under one load. */
export interface Arm {
  /** Unique in the table; stands in file names. */
  readonly name: string;
  readonly variant: string;
  readonly sizing: Sizing;
  /** Settings of the model: `--set name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly load: Load;
}

/**
 * The plan of all arms in turn: every round holds each arm once, in an order of its own, so that whatever drifts on
 * the machine falls on all alike.
 *
 * @throws UsageError, UnfitError for a variant that is not there or not available
 */
export async function planArms(
  arms: readonly Arm[],
  rounds: number,
  seed: number,
  cores: Cores | undefined,
): Promise<Plan> {
  const resolved = await Promise.all(arms.map((arm) => resolveArm(arm, cores)));
  const loads = new Map(arms.map(({ load }, i) => [load.id, resolved[i]?.scenario]));
  const plan = buildPlan({
    servers: resolved.map(({ server }) => server),
    scenarios: [...loads.values()].filter((scenario) => scenario !== undefined),
    clients: [...new Set(arms.map(({ load }) => load.clients))].sort((a, b) => a - b),
    trialsPerCell: rounds,
    rampMs: 0,
    seed,
  });
  const byName = new Map(arms.map((arm) => [arm.name, arm.load]));
  return {
    ...plan,
    trials: plan.trials.filter(({ server, scenario, clients }) => {
      const load = byName.get(server);
      return load?.id === scenario && load.clients === clients;
    }),
  };
}

async function resolveArm({ name, variant, sizing, settings = {}, load }: Arm, cores: Cores | undefined) {
  const scenarios = await selectScenarios(
    [load.scenario],
    Object.entries(load.parameters).map(([key, value]) => `${key}=${value}`),
  );
  const servers = selectServers({ names: [variant], commands: [], manifest: [], sizing }, scenarios);
  const [scenario, server] = [scenarios[0], servers[0]];
  if (!scenario || !server) throw new Error(`arm ${name} names no server or no scenario`);
  const command = [
    ...(cores ? ['taskset', '--cpu-list', cores.server] : []),
    ...(server.commands[scenario.planned.id] ?? []),
    ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
  return {
    server: { ...server, name, commands: { [load.id]: command } } satisfies PlannedServer,
    scenario: { ...scenario.planned, id: load.id, deadlineMs: scenario.deadlineMs },
  };
}
