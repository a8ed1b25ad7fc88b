/**
 * Synthetic but plausible runs of any size for the tests of the reports. Deterministic: the same options give the same
 * run, byte for byte.
 */
import { EXAMPLE_ENVIRONMENT } from '../observe/environment-fixture.ts';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { PlannedScenario, PlannedServer, Trial } from '../../harness/results/schema/plan.ts';
import type { Run } from '../../harness/results/run.ts';
import { CORE_METRICS } from '../../harness/results/metrics.ts';
import type { TrialOptions } from './fixture-trials.ts';
import { HOLD_MS, resultOf, serverKind } from './fixture-trials.ts';

export interface FixtureOptions extends TrialOptions {
  readonly servers?: number;
  readonly levels?: readonly number[];
  readonly trials?: number;
  readonly scenarios?: number;
}

export interface Fixture {
  readonly run: Run;
  readonly summary: Summary;
}

/** A run and its summary. Defaults: 6 servers × 9 levels × 3 trials of one scenario. */
export function fixture(options: FixtureOptions = {}): Fixture {
  const suffix = options.suffix ?? '';
  const levels = options.levels ?? [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const repetitions = options.trials ?? 3;
  const kinds = Array.from({ length: options.servers ?? 6 }, (_, i) => serverKind(i));
  const servers: PlannedServer[] = kinds.map(([name, model, slots]) => ({
    name: name + suffix,
    title: `${model.replace('-', ' ')}${suffix}`,
    language: name.startsWith('c-') ? 'c' : 'ts',
    model,
    analytic: slots === Infinity ? { kind: 'unbounded' } : { kind: 'pool', slots },
    commands: { hold: ['node', 'servers/main.ts', name, '--port', `{port}${suffix}`] },
    announces: false,
    stopSignal: 'SIGTERM',
  }));
  const ids = ['hold', 'chat', 'topn', 'work', 'session', 'names'];
  const scenarios: PlannedScenario[] = Array.from({ length: options.scenarios ?? 1 }, (_, i) => ({
    id: (ids[i] ?? `scenario-${i}`) + suffix,
    title: `${['Clients that hold their connection', 'A chat room', 'The busiest processes', 'CPU work', 'Sessions with patience', 'A name server'][i] ?? 'More'}${suffix}`,
    module: `builtin:${ids[i] ?? i}`,
    parameters: { exchanges: 20, hold: 10, note: `plain${suffix}` },
    idealMs: HOLD_MS * (1 + i * 0.5),
    warmupMs: 0,
    holds: false,
    traits: {},
    headline: 'elapsed',
    metrics: [
      ...CORE_METRICS,
      {
        id: 'messages-lost',
        title: `lost messages${suffix}`,
        unit: 'count',
        direction: 'lower',
        description: `Messages that a receiver should have got and did not.${suffix}`,
        source: { from: 'counter', name: 'messages-lost' },
      },
    ],
  }));
  const trials: Trial[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const scenario of scenarios) {
      for (const clients of levels) {
        for (const server of servers) {
          const index = trials.length;
          trials.push({
            index,
            server: server.name,
            scenario: scenario.id,
            clients,
            repetition,
            seed: 1000 + index,
            deadlineMs: 60_000,
          });
        }
      }
    }
  }
  const top = levels.at(-1) ?? 0;
  const results = trials.map((trial) => {
    const server = servers.findIndex(({ name }) => name === trial.server);
    const scenario = scenarios.findIndex(({ id }) => id === trial.scenario);
    return resultOf(trial, options, top, scenario, server);
  });
  const run: Run = {
    manifest: {
      schema: 1,
      id: `2026-11-21T040506-a1b2c3${suffix}`,
      toolVersion: '0.1.0',
      lockfileHash: '5d1c'.repeat(16),
      planHash: 'ab12'.repeat(16),
      serverHashes: Object.fromEntries(servers.map(({ name }) => [name, 'c0de'.repeat(16)])),
      commandLine: [
        'holdfast',
        'bench',
        '--clients',
        levels.join(','),
        '--seed',
        '7',
        ...(suffix ? [suffix] : []),
      ],
      startedAt: '2026-11-21T04:05:06.000Z',
      status: options.all === 'aborted' ? 'aborted' : 'complete',
      timeSpent: {
        spawnMs: 12 * trials.length,
        readyMs: 88 * trials.length,
        prepareMs: 31 * trials.length,
        loadMs: 900 * trials.length,
        stopMs: 24 * trials.length,
        betweenMs: 50 * trials.length,
        reportMs: 640,
        totalMs: 1105 * trials.length + 640,
      },
    },
    plan: {
      schema: 1,
      seed: 7,
      servers,
      scenarios,
      clients: levels,
      rampMs: 0,
      trialsPerCell: repetitions,
      trials,
    },
    environment: {
      ...EXAMPLE_ENVIRONMENT,
      identity: { ...EXAMPLE_ENVIRONMENT.identity, cpuModel: `Example CPU @ 3.00GHz${suffix}` },
    },
    trials: results,
  };
  return { run, summary: summarise(run) };
}
