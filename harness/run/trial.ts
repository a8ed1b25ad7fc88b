/** The life of one trial: spawn → ready → [warm-up] → prepare → load → [warm load] → stop. It always ends with nothing left running. */
import { messageOf } from '../errors.ts';
import type { LoadBackend, LoadSpec } from '../load/backend.ts';
import type { PlannedScenario, PlannedServer, Trial } from '../results/schema/plan.ts';
import type { CompletedTrial, TrialCommon, TrialFailure, TrialResult } from '../results/schema/trial.ts';
import { LOOPBACK, type Rig, type ServerCommand } from '../rig/rig.ts';
import { ServerFailure } from '../rig/server-failure.ts';
import { describeLeftBehind } from '../rig/stop.ts';
import { observeLoad, throwIfNobodyWasServed, type ObservedLoad } from './observed-load.ts';
import { PhaseClock } from './phases.ts';
import { loadWarm, warmUp } from './warm-load.ts';

/** What all trials of a run share. */
export interface TrialSetting {
  readonly rig: Rig;
  readonly backend: LoadBackend;
  /** Where clients may keep files. */
  readonly files: string;
  /** Addresses over which clients come. */
  readonly sources: readonly string[];
  /** Cores for the servers, such as `0`; undefined: all. */
  readonly serverCores?: string | undefined;
  readonly readyDeadlineMs: number;
  /** How long a server may take to stop by itself. */
  readonly stopGraceMs: number;
  readonly samplePeriodMs: number;
  readonly rampMs: number;
  /** Monotonic time of the run's start, in ms. */
  readonly runStartedMs: number;
}

/** Runs one trial. Whatever goes wrong in it is its result; nothing is thrown but defects. */
export async function runTrial(
  trial: Trial,
  planned: PlannedServer,
  scenario: PlannedScenario,
  setting: TrialSetting,
  signal: AbortSignal,
): Promise<TrialResult> {
  const startedAt = new Date().toISOString();
  const phases = new PhaseClock();
  const common = (): TrialCommon => ({
    schema: 1,
    trial,
    startedAt,
    startedMs: phases.startedMs - setting.runStartedMs,
    phases: phases.end(),
  });
  let observed: (ObservedLoad & Pick<CompletedTrial, 'warmUp' | 'warm'>) | undefined;
  let leftBehind: string | undefined;
  try {
    const server = await setting.rig.startServer(serverCommand(trial, planned, setting));
    try {
      phases.enter('ready');
      await server.ready({ announces: planned.announces, deadlineMs: setting.readyDeadlineMs }, signal);
      const spec = loadSpec(trial, scenario, setting, server.port);
      const loaded = { ...setting, server, scenario, spec };
      if (scenario.warmedBy) phases.enter('warm');
      const warm = scenario.warmedBy && (await warmUp(loaded, scenario.warmedBy, signal));
      const seen = await observeLoad(spec, server, {
        ...setting,
        holds: scenario.holds,
        ratePerSecond: scenario.traits?.ratePerSecond,
        phases,
        signal,
      });
      observed = { ...seen, ...(warm ? { warmUp: warm } : {}) };
      server.throwIfEnded('in the middle of the trial');
      if (trial.warmLoad && !signal.aborted) {
        phases.enter('warm');
        observed = { ...observed, warm: await loadWarm(loaded, seen.load, signal) };
      }
    } finally {
      phases.enter('stop');
      leftBehind = describeLeftBehind('trial', await server.stop(setting.stopGraceMs));
    }
    signal.throwIfAborted();
    if (leftBehind !== undefined) throw new ServerFailure({ kind: 'left-behind', message: leftBehind });
    throwIfNobodyWasServed(observed.load, trial);
    const serverStatistics = server.statistics();
    return {
      ...common(),
      status: 'completed',
      ...observed,
      ...(serverStatistics ? { serverStatistics } : {}),
    };
  } catch (error) {
    if (signal.aborted) return { ...common(), status: 'aborted', reason: String(signal.reason) };
    const failure = failureOf(error, phases.current === 'spawn' ? 'spawn' : 'load', leftBehind);
    return { ...common(), status: 'failed', failure, ...(observed ? { load: observed.load } : {}) };
  }
}

function failureOf(error: unknown, kind: 'spawn' | 'load', leftBehind: string | undefined): TrialFailure {
  if (error instanceof ServerFailure) return error.failure;
  return { kind, message: [messageOf(error), leftBehind].filter(Boolean).join(' ') };
}

function serverCommand(trial: Trial, planned: PlannedServer, setting: TrialSetting): ServerCommand {
  return {
    name: `${String(trial.index).padStart(5, '0')}-${planned.name}`,
    command: planned.commands[trial.scenario] ?? [],
    stopSignal: planned.stopSignal,
    cores: setting.serverCores,
  };
}

function loadSpec(trial: Trial, scenario: PlannedScenario, setting: TrialSetting, port: number): LoadSpec {
  return {
    scenarioModule: scenario.module,
    parameters: scenario.parameters,
    host: LOOPBACK,
    sources: setting.sources,
    port,
    clients: trial.clients,
    seed: trial.seed,
    deadlineMs: trial.deadlineMs,
    warmupMs: scenario.warmupMs,
    rampMs: setting.rampMs,
    folder: setting.files,
  };
}
