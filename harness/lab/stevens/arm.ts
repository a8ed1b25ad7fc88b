/** What a table measures: servers of ours as they are started, each under a load of its own. */
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers, type Sizing } from '../../catalogue/servers.ts';
import type { PlannedScenario, PlannedServer } from '../../results/schema/plan.ts';

/** A scenario with its parameters and the number of its clients. */
export interface Load {
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

/** An arm that can be measured. */
export interface ResolvedArm {
  readonly server: PlannedServer;
  readonly scenario: PlannedScenario;
  readonly clients: number;
  readonly deadlineMs: number;
}

/** @throws UsageError, UnfitError for a variant that is not there or not available */
export async function resolveArm({ name, variant, sizing, settings = {}, load }: Arm): Promise<ResolvedArm> {
  const parameters = Object.entries(load.parameters).map(([key, value]) => `${key}=${value}`);
  const scenarios = await selectScenarios([load.scenario], parameters);
  const [scenario] = scenarios;
  const [server] = selectServers({ names: [variant], commands: [], manifest: [], sizing }, scenarios);
  if (!scenario || !server) throw new Error(`arm ${name} names no server or no scenario`);
  const { planned, deadlineMs } = scenario;
  const command = [
    ...(server.commands[planned.id] ?? []),
    ...Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]),
  ];
  return {
    server: { ...server, name, commands: { [planned.id]: command } },
    scenario: planned,
    clients: load.clients,
    deadlineMs: deadlineMs(load.clients),
  };
}
