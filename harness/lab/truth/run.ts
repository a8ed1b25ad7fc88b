/** A run of servers whose behaviour is known: planned, measured and summarised as any other, and not kept. */
import { summarise } from '../../analysis/summarise.ts';
import type { ManifestServer } from '../../catalogue/manifest.ts';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import type { LoadBackend } from '../../load/backend.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { buildPlan } from '../../plan/build.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { RunManifest } from '../../results/schema/run.ts';
import type { Summary } from '../../results/schema/summary.ts';
import type { TrialResult } from '../../results/schema/trial.ts';
import type { Rig } from '../../rig/rig.ts';
import { runPlan, type RunEvent } from '../../run/run-loop.ts';
import { runTrial } from '../../run/trial.ts';

/** What measurements share: the rig and the load backend that runs use too, and a way to stop. */
export interface Measuring {
  readonly rig: Rig;
  readonly backend: LoadBackend;
  readonly signal: AbortSignal;
}

export interface KnownRun {
  readonly servers: readonly ManifestServer[];
  /** Name or file, as `--scenario` takes it. */
  readonly scenario: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly clients: readonly number[];
  readonly trialsPerCell: number;
  readonly seed: number;
  /** The load is made once more on the warm server, as a run does; then what the server says that it did covers both. */
  readonly warm?: boolean;
}

/** @throws UsageError for a scenario or a parameter that there is not */
export async function planRun({
  servers,
  scenario,
  parameters,
  warm = false,
  ...rest
}: KnownRun): Promise<Plan> {
  const settings = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  const scenarios = await selectScenarios([scenario], settings);
  const plan = buildPlan({
    ...rest,
    servers: selectServers({ commands: [], manifest: servers, sizing: {} }, scenarios),
    scenarios: scenarios.map(({ planned, deadlineMs }) => ({ ...planned, deadlineMs })),
    rampMs: 0,
  });
  return warm ? plan : { ...plan, trials: plan.trials.map(({ warmLoad: _, ...trial }) => trial) };
}

/** @throws the signal's reason when aborted */
export async function measureRun(
  plan: Plan,
  { rig, backend, signal }: Measuring,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<{ readonly summary: Summary; readonly trials: readonly TrialResult[] }> {
  const environment = readEnvironment();
  const setting = {
    rig,
    backend,
    files: '/nowhere',
    sources: [],
    readyDeadlineMs: 15_000,
    stopGraceMs: 5000,
    samplePeriodMs: 100,
    rampMs: plan.rampMs,
    runStartedMs: performance.now(),
  };
  const trials = await runPlan(
    {
      plan,
      finished: [],
      journal: { append: () => {} },
      measure: (trial, server, scenario) => runTrial(trial, server, scenario, setting, signal),
      more: () => [],
      onEvent,
      now: () => performance.now(),
    },
    signal,
  );
  signal.throwIfAborted();
  return { summary: summarise({ manifest: MANIFEST, plan, environment, trials }), trials };
}

const MANIFEST: RunManifest = {
  schema: 1,
  id: 'known-truth',
  toolVersion: '',
  lockfileHash: null,
  planHash: '',
  serverHashes: {},
  commandLine: [],
  startedAt: '',
  status: 'complete',
};
