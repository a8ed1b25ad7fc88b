/** Measures a known truth as a run of one trial would, and compares what the summary shows. */
import { summarise } from '../../analysis/summarise.ts';
import { selectScenarios } from '../../catalogue/scenarios.ts';
import { selectServers } from '../../catalogue/servers.ts';
import { messageOf, UnfitError } from '../../errors.ts';
import type { LoadBackend } from '../../load/backend.ts';
import { readEnvironment } from '../../observe/machine/environment.ts';
import { buildPlan } from '../../plan/build.ts';
import type { Plan } from '../../results/schema/plan.ts';
import type { RunManifest } from '../../results/schema/run.ts';
import { LOOPBACK, type Rig } from '../../rig/rig.ts';
import { runTrial } from '../../run/trial.ts';
import type { KnownTruth } from './cases.ts';
import { compared, type Answer, type Compared } from './compare.ts';
import { doneBy, knownCommand, missingKnownServer } from './known-server.ts';

const SEED = 1;
/** Of a truth that a busy machine hid; a figure that is false stays so. */
const ATTEMPTS = 3;

/** What measurements share: the rig and the load backend that runs use too, and a way to stop. */
export interface Measuring {
  readonly rig: Rig;
  readonly backend: LoadBackend;
  readonly signal: AbortSignal;
}

/** All figures of one truth. */
export interface MeasuredTruth extends Pick<KnownTruth, 'name' | 'title'> {
  readonly figures: readonly Compared[];
  /** Why there are none; null where there are. */
  readonly failure: string | null;
}

/**
 * Measures a truth, again where the machine was too busy to tell.
 *
 * @throws UnfitError where the server is not built, the signal's reason when aborted
 */
export async function measureTruth(known: KnownTruth, setting: Measuring): Promise<MeasuredTruth> {
  const missing = missingKnownServer();
  if (missing !== undefined) throw new UnfitError(missing);
  const { name, title } = known;
  const plan = await planOf(known);
  for (let attempt = 1; ; attempt++) {
    try {
      const figures = await compareOnce(known, plan, setting);
      const hidden = figures.some(({ answer }) => answer === 'not resolvable');
      if (!hidden || attempt === ATTEMPTS) return { name, title, figures, failure: null };
    } catch (error) {
      setting.signal.throwIfAborted();
      return { name, title, figures: [], failure: messageOf(error) };
    }
  }
}

/** The gravest of a truth's answers. */
export function answerOf({ figures, failure }: MeasuredTruth): Answer {
  const has = (answer: Answer): boolean => figures.some((figure) => figure.answer === answer);
  if (failure !== null || has('false')) return 'false';
  return has('not resolvable') ? 'not resolvable' : 'true';
}

async function planOf({ name, behaviour, load }: KnownTruth): Promise<Plan> {
  const parameters = Object.entries(load.parameters).map(([key, value]) => `${key}=${value}`);
  const scenarios = await selectScenarios([load.scenario], parameters);
  const manifest = [{ name, command: [...knownCommand(behaviour)] }];
  return buildPlan({
    seed: SEED,
    servers: selectServers({ commands: [], manifest, sizing: {} }, scenarios),
    scenarios: scenarios.map(({ planned, deadlineMs }) => ({ ...planned, deadlineMs })),
    clients: [load.clients],
    trialsPerCell: 1,
    rampMs: 0,
  });
}

async function compareOnce(
  { name, load: { clients }, figures }: KnownTruth,
  plan: Plan,
  { rig, backend, signal }: Measuring,
): Promise<readonly Compared[]> {
  const [trial] = plan.trials;
  const [server] = plan.servers;
  const [scenario] = plan.scenarios;
  if (!trial || !server || !scenario) throw new Error(`${name}: a plan has a trial`);
  const setting = {
    rig,
    backend,
    files: '/nowhere',
    hosts: [LOOPBACK],
    readyDeadlineMs: 15_000,
    stopGraceMs: 5000,
    samplePeriodMs: 100,
    rampMs: 0,
    runStartedMs: performance.now(),
  };
  const result = await runTrial(trial, server, scenario, setting, signal);
  signal.throwIfAborted();
  if (result.status !== 'completed') {
    throw new UnfitError(result.status === 'failed' ? result.failure.message : result.reason);
  }
  const environment = readEnvironment();
  const { cells, warnings } = summarise({ manifest: MANIFEST, plan, environment, trials: [result] });
  const [cell] = cells;
  if (!cell) throw new Error(`${name}: a run of one trial has a cell`);
  const done = doneBy(result.serverStatistics);
  return figures.map((figure) => compared(figure, { cell, warnings }, { done, clients }));
}

/** Of a run that is not kept. */
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
