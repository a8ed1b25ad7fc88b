/** Measures servers of ours, each under a load of its own, as trials: with the machinery that every run uses. */
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers, type Sizing } from '../../catalogue/servers.ts';
import { UnfitError } from '../../errors.ts';
import type { PlannedScenario, PlannedServer } from '../../results/schema/plan.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';
import { planLoad } from '../../run/preflight.ts';
import { runTrial, type TrialSetting } from '../../run/trial.ts';
import { openLab, type MeasuredHere } from '../lab.ts';
import { measureInRounds, type Effort, type LabEvent } from '../rounds.ts';

const SEED = 1;

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
interface ResolvedArm {
  readonly server: PlannedServer;
  readonly scenario: PlannedScenario;
  readonly clients: number;
  readonly deadlineMs: number;
}

/**
 * Measures every arm once a round, in turn. The first round is always measured.
 *
 * @throws UnfitError where a server is not available or the machine cannot carry the load; the signal's reason when
 *   aborted
 */
export async function measureArms(
  arms: readonly Arm[],
  effort: Effort,
  onEvent: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<MeasuredHere<CompletedTrial>> {
  const resolved = await Promise.all(arms.map(resolveArm));
  await using lab = await openLab();
  const servers = resolved.map(({ server }) => server);
  const clients = arms.map(({ load }) => load.clients);
  const { generators, sources } = planLoad({ servers, clients }, lab.environment);
  const setting: TrialSetting = {
    rig: lab.rig,
    backend: lab.rig.loadBackend({ generators }),
    sources,
    serverCores: lab.cores?.server,
    // Clients of a table keep no files.
    files: '/nowhere',
    readyDeadlineMs: 30_000,
    stopGraceMs: 5000,
    samplePeriodMs: 100,
    rampMs: 0,
    runStartedMs: performance.now(),
  };
  let index = 0;
  const measured = await measureInRounds<ResolvedArm, CompletedTrial>(resolved, effort, {
    nameOf: ({ server }) => server.name,
    measure: async ({ server, scenario, clients: asked, deadlineMs }, repetition) => {
      const where = { server: server.name, scenario: scenario.id, clients: asked, repetition };
      const trial = { index: index++, ...where, seed: SEED, deadlineMs };
      const result = await runTrial(trial, server, scenario, setting, signal);
      if (result.status === 'failed') throw new UnfitError(result.failure.message);
      return result.status === 'completed' ? [result] : [];
    },
    onEvent,
    signal,
  });
  return { ...measured, cores: lab.cores };
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
