/** Executes a plan in a run folder, with a journal that lives exactly as long as this. */
import { mkdirSync } from 'node:fs';
import type { TimeSpent } from '../results/schema/run.ts';
import type { TrialResult } from '../results/schema/trial.ts';
import { Journal } from '../results/journal.ts';
import type { RunFolder } from '../results/folder.ts';
import { runPlan, type RunLoop } from './run-loop.ts';
import { runTrial, type TrialSetting } from './trial.ts';

export interface Execution extends Pick<RunLoop, 'plan' | 'finished' | 'more' | 'onEvent'> {
  readonly folder: RunFolder;
  /** How trials are run, beyond what the plan says. The rig's logs are in the folder. */
  readonly setting: Omit<TrialSetting, 'files' | 'rampMs' | 'runStartedMs'>;
}

export interface Executed {
  readonly trials: readonly TrialResult[];
  /** Where the time went; the report's share is added by whoever draws it. */
  readonly timeSpent: Omit<TimeSpent, 'reportMs'>;
}

/** Runs what is left of the plan, and leaves nothing running behind. */
export async function execute(execution: Execution, signal: AbortSignal): Promise<Executed> {
  const { folder, plan, finished } = execution;
  const runStartedMs = performance.now();
  mkdirSync(folder.files, { recursive: true });
  using journal = new Journal(folder.trials);
  const { files } = folder;
  const setting = { ...execution.setting, files, rampMs: plan.rampMs, runStartedMs };
  const trials = await runPlan(
    {
      ...execution,
      journal,
      measure: (trial, server, scenario) => runTrial(trial, server, scenario, setting, signal),
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
    warmMs: sum((phases) => phases.warmMs ?? 0),
    prepareMs: sum((phases) => phases.prepareMs),
    loadMs: sum((phases) => phases.loadMs),
    stopMs: sum((phases) => phases.stopMs),
  };
  const inTrials = Object.values(spent).reduce((a, b) => a + b, 0);
  return { ...spent, betweenMs: Math.max(0, totalMs - inTrials), totalMs };
}
