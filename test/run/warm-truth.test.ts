/** CPU time per exchange, cold and warm, of a server that knows what it burns: docs/method/method.md, "Cold and warm". */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { knownCommand, missingKnownServer } from '../../harness/lab/truth/known-server.ts';
import { CORE_METRICS, readMetric, whyNotResolved } from '../../harness/results/metrics.ts';
import type { PlannedScenario, WarmedBy } from '../../harness/results/schema/plan.ts';
import type { CompletedTrial } from '../../harness/results/schema/trial.ts';
import { openRig } from '../../harness/rig/rig.ts';
import { runTrial } from '../../harness/run/trial.ts';
import { inProcessBackend } from '../load/fixtures/in-process-backend.ts';

const CLIENTS = 4;
const EXCHANGES = 5;
const BURN_US = 10_000;
const ONCE_MS = 300;
const COLD_US = BURN_US + (ONCE_MS * 1000) / (CLIENTS * EXCHANGES);

const rig = openRig();
after(() => rig[Symbol.asyncDispose]());

interface Asked {
  readonly warmLoad?: boolean;
  readonly warmedBy?: WarmedBy;
}

async function trialOf({ warmLoad = false, warmedBy }: Asked): Promise<CompletedTrial> {
  const scenario: PlannedScenario = {
    id: 'raw-exchanges',
    title: 'Bytes that come back',
    module: fileURLToPath(new URL('fixtures/raw-exchanges.ts', import.meta.url)),
    parameters: { exchanges: EXCHANGES },
    idealMs: 0,
    warmupMs: 0,
    holds: false,
    headline: 'elapsed',
    metrics: [],
    ...(warmedBy ? { warmedBy } : {}),
  };
  const command = knownCommand({ wire: 'raw', 'cpu-us': BURN_US, 'cold-us': ONCE_MS * 1000 });
  const result = await runTrial(
    {
      index: 0,
      server: 'known',
      scenario: scenario.id,
      clients: CLIENTS,
      repetition: 1,
      seed: 1,
      deadlineMs: 30_000,
      ...(warmLoad ? { warmLoad } : {}),
    },
    {
      name: 'known',
      title: 'known',
      language: 'any',
      model: 'custom',
      commands: { [scenario.id]: command },
      announces: false,
      stopSignal: 'SIGTERM',
    },
    scenario,
    {
      rig,
      backend: inProcessBackend(),
      files: '/nowhere',
      sources: [],
      readyDeadlineMs: 10_000,
      stopGraceMs: 5000,
      samplePeriodMs: 100,
      rampMs: 0,
      runStartedMs: performance.now(),
    },
    new AbortController().signal,
  );
  assert.equal(result.status, 'completed');
  return result;
}

function valueOf(id: string, trial: CompletedTrial): number {
  const metric = CORE_METRICS.find((each) => each.id === id);
  assert.ok(metric);
  const value = readMetric(metric, trial, 0);
  assert.ok(value !== undefined, whyNotResolved(metric, trial, 0) ?? 'no figure');
  return value;
}

function assertNear(measured: number, truth: number): void {
  assert.ok(Math.abs(measured / truth - 1) < 0.05, `${measured} µs where ${truth} µs are true`);
}

describe('CPU time per exchange', { skip: missingKnownServer() ?? false }, () => {
  test('is cold with the start divided by the exchanges, and warm without it', async () => {
    const trial = await trialOf({ warmLoad: true });
    assertNear(valueOf('cpu-per-exchange', trial), COLD_US);
    assertNear(valueOf('warm-cpu-per-exchange', trial), BURN_US);
    assert.ok(trial.warm && trial.warm.exchanges >= 100, 'few exchanges are repeated');
    assert.ok(trial.warm.warmUp.exchanges > CLIENTS * EXCHANGES, 'there was a warm-up in between');
  });

  test('is that of a warm server where the plan warms every server up', async () => {
    const trial = await trialOf({ warmedBy: { kind: 'sessions', sessions: 10 } });
    assertNear(valueOf('cpu-per-exchange', trial), BURN_US);
    assert.ok(trial.warmUp && trial.warmUp.sessions >= 10);
    assert.equal(trial.load.exchanges.completed, CLIENTS * EXCHANGES, 'the warm-up is not recorded');
  });
});
