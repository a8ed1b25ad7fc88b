/** Executes a plan in a run folder, with a journal that lives exactly as long as this. */
import { mkdirSync } from 'node:fs';
import type { LoadBackend } from '../load/backend.ts';
import type { Plan, Trial } from '../results/schema/plan.ts';
import type { TimeSpent } from '../results/schema/run.ts';
import type { TrialResult } from '../results/schema/trial.ts';
import { Journal } from '../results/files.ts';
import type { RunFolder } from '../results/folder.ts';
import type { Rig } from '../rig/rig.ts';
import { runPlan, type RunEvent } from './run-loop.ts';
import { runTrial, type TrialSetting } from './trial.ts';

/** How trials are run, beyond what the plan says. */
export type ExecutionOptions = Pick<
  TrialSetting,
  'hosts' | 'serverCores' | 'readyDeadlineMs' | 'stopGraceMs' | 'samplePeriodMs'
>;

export interface Execution {
  readonly plan: Plan;
  readonly folder: RunFolder;
  /** Trials that an interrupted run had finished. */
  readonly finished: readonly TrialResult[];
  /** Its logs go to the folder's. */
  readonly rig: Rig;
  readonly backend: LoadBackend;
  readonly options: ExecutionOptions;
  /** Trials to add once those of the plan are done; called again until it gives none. */
  readonly more: (results: readonly TrialResult[]) => readonly Trial[];
  readonly onEvent: (event: RunEvent) => void;
}

export interface Executed {
  readonly trials: readonly TrialResult[];
  /** Where the time went; the report's share is added by whoever draws it. */
  readonly timeSpent: Omit<TimeSpent, 'reportMs'>;
}

/** Runs what is left of the plan, and leaves nothing running behind. */
export async function execute(execution: Execution, signal: AbortSignal): Promise<Executed> {
  const { plan, folder, finished, rig, backend, options, more, onEvent } = execution;
  const runStartedMs = performance.now();
  mkdirSync(folder.files, { recursive: true });
  using journal = new Journal(folder.trials);
  const setting: TrialSetting = {
    ...options,
    rig,
    backend,
    files: folder.files,
    rampMs: plan.rampMs,
    runStartedMs,
  };
  const trials = await runPlan(
    {
      plan,
      finished,
      journal,
      measure: (trial, server, scenario) => runTrial(trial, server, scenario, setting, signal),
      more,
      onEvent,
      now: () => performance.now(),
    },
    signal,
  );
  return { trials, timeSpent: timeSpent(trials.slice(finished.length), performance.now() - runStartedMs) };
}

function timeSpent(trials: readonly TrialResult[], totalMs: number): Executed['timeSpent'] {
  const sum = (read: (phases: TrialResult['phases']) => number): number =>
    trials.reduce((total, { phases }) => total + read(phases), 0);
  const spent = {
    spawnMs: sum((phases) => phases.spawnMs),
    readyMs: sum((phases) => phases.readyMs),
    prepareMs: sum((phases) => phases.prepareMs),
    loadMs: sum((phases) => phases.loadMs),
    stopMs: sum((phases) => phases.stopMs),
  };
  const inTrials = Object.values(spent).reduce((a, b) => a + b, 0);
  return { ...spent, betweenMs: Math.max(0, totalMs - inTrials), totalMs };
}
