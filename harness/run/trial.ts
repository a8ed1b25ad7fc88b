/** The life of one trial: spawn → ready → prepare → load → stop. It always ends with nothing left running. */
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { LoadBackend, LoadSpec } from '../load/backend.ts';
import type { PlannedScenario, PlannedServer, Trial } from '../plan/plan.ts';
import type { RunFolder } from '../results/folder.ts';
import type { LoadResult, TrialFailure, TrialResult } from '../results/trial-result.ts';
import { CpuCgroup } from '../observe/cpu/cgroup.ts';
import { isUnreadable } from '../observe/types.ts';
import type { Guard } from '../rig/guard.ts';
import { loadFailure, observeLoad, type ObservedLoad } from './observed-load.ts';
import { PhaseClock } from './phases.ts';
import { freePort } from '../rig/port.ts';
import { endOf, waitUntilReady } from '../rig/ready.ts';
import { describeExit, ServerProcess } from '../rig/server-process.ts';
import { serverStatistics } from '../rig/server-statistics.ts';
import { stopTree } from '../rig/stop.ts';

/** What all trials of a run share. */
export interface TrialSetting {
  readonly folder: RunFolder;
  readonly backend: LoadBackend;
  readonly guard: Guard;
  /** Marks every process of the run. */
  readonly mark: string;
  /** Addresses over which clients come. */
  readonly hosts: readonly string[];
  readonly readyDeadlineMs: number;
  /** How long a server may take to stop by itself. */
  readonly stopGraceMs: number;
  readonly samplePeriodMs: number;
  readonly rampMs: number;
  /** Monotonic time of the run's start, in ms. */
  readonly runStartedMs: number;
}

/** What came of a trial before its common fields are added. */
type Outcome =
  | { readonly status: 'completed'; readonly observed: ObservedLoad; readonly output: string }
  | { readonly status: 'failed'; readonly failure: TrialFailure; readonly load?: LoadResult }
  | { readonly status: 'aborted'; readonly reason: string };

/** Runs one trial. Whatever goes wrong in it is its result; nothing is thrown but defects. */
export async function runTrial(
  trial: Trial,
  server: PlannedServer,
  scenario: PlannedScenario,
  setting: TrialSetting,
  signal: AbortSignal,
): Promise<TrialResult> {
  const startedAt = new Date().toISOString();
  const phases = new PhaseClock();
  let outcome: Outcome;
  try {
    outcome = await live(trial, server, scenario, setting, signal, phases);
  } catch (error) {
    outcome = signal.aborted
      ? { status: 'aborted', reason: String(signal.reason) }
      : {
          status: 'failed',
          failure: { kind: phases.current === 'spawn' ? 'spawn' : 'load', message: messageOf(error) },
        };
  }
  const common = {
    schema: 1,
    trial,
    startedAt,
    startedMs: phases.startedMs - setting.runStartedMs,
    phases: phases.end(),
  } as const;
  if (outcome.status !== 'completed') return { ...common, ...outcome };
  const statistics = serverStatistics(outcome.output);
  return {
    ...common,
    status: 'completed',
    ...outcome.observed,
    ...(statistics ? { serverStatistics: statistics } : {}),
  };
}

async function live(
  trial: Trial,
  server: PlannedServer,
  scenario: PlannedScenario,
  setting: TrialSetting,
  signal: AbortSignal,
  phases: PhaseClock,
): Promise<Outcome> {
  const { folder, guard, mark, hosts } = setting;
  const host = hosts.length === 1 ? (hosts[0] ?? '127.0.0.1') : '0.0.0.0';
  const port = await freePort(host);
  const made = CpuCgroup.create(`trial-${trial.index}`);
  using cgroup = isUnreadable(made) ? undefined : made;
  await using subject = await ServerProcess.start({
    command: [...(cgroup?.launcher ?? []), ...(server.commands[scenario.id] ?? [])],
    host,
    port,
    stopSignal: server.stopSignal,
    mark,
    logPath: join(folder.logs, `${String(trial.index).padStart(5, '0')}-${server.name}`),
  });
  guard.watch([subject.pid]);
  const stop = async (): Promise<TrialFailure | undefined> => {
    phases.enter('stop');
    const { leftBehind } = await stopTree(subject, mark, setting.stopGraceMs);
    if (leftBehind.length === 0) return undefined;
    const names = leftBehind.map(({ pid, name, state }) => `${name} (pid ${pid}, state ${state})`).join(', ');
    return {
      kind: 'left-behind',
      message: `After the trial these processes of the server were still there: ${names}.`,
    };
  };

  phases.enter('ready');
  const unready = await waitUntilReady(
    subject,
    { port, mark, announces: server.announces, deadlineMs: setting.readyDeadlineMs },
    signal,
  ).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  if (unready) {
    await stop();
    return { status: 'failed', failure: unready };
  }

  const observed = await observeLoad(
    setting.backend,
    loadSpec(trial, scenario, setting, port),
    subject,
    { mark, samplePeriodMs: setting.samplePeriodMs, holds: scenario.holds, cgroup },
    signal,
    phases,
  ).catch(async (error: unknown) => {
    const leftBehind = await stop();
    if (leftBehind) throw new Error(`${messageOf(error)} ${leftBehind.message}`, { cause: error });
    throw error;
  });
  const crashed = subject.exit;
  const leftBehind = await stop();
  if (signal.aborted) return { status: 'aborted', reason: String(signal.reason) };
  if (crashed) {
    return {
      status: 'failed',
      failure: {
        kind: 'server-crashed',
        message: `The server ended in the middle of the trial: ${describeExit(crashed)}.`,
        ...endOf(subject),
      },
      load: observed.load,
    };
  }
  const failure = leftBehind ?? loadFailure(observed.load, trial);
  if (failure) return { status: 'failed', failure, load: observed.load };
  return { status: 'completed', observed, output: subject.output() };
}

function loadSpec(trial: Trial, scenario: PlannedScenario, setting: TrialSetting, port: number): LoadSpec {
  return {
    scenarioModule: scenario.module,
    parameters: scenario.parameters,
    hosts: setting.hosts,
    port,
    clients: trial.clients,
    seed: trial.seed,
    deadlineMs: trial.deadlineMs,
    warmupMs: scenario.warmupMs,
    rampMs: setting.rampMs,
    folder: setting.folder.files,
  };
}
