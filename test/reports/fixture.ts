/**
 * Synthetic but plausible runs of any size for the tests of the reports. Deterministic: the same options give the same
 * run, byte for byte. The summary is computed here in the plainest way; the real one has tests of its own.
 */
import { EXAMPLE_ENVIRONMENT } from '../observe/environment-fixture.ts';
import type { Cell, ScalingFit, Summary, Warning } from '../../harness/results/schema/summary.ts';
import type { Estimate } from '../../harness/results/schema/leaves.ts';
import type { PlannedScenario, PlannedServer, Trial } from '../../harness/results/schema/plan.ts';
import type { Run } from '../../harness/results/run.ts';
import type { CompletedTrial, TrialResult } from '../../harness/results/schema/trial.ts';
import { CORE_METRICS, readMetric } from '../../harness/results/metrics.ts';
import { cellTrialsOf } from '../../harness/analysis/cells/cell-trials.ts';
import { quantile } from '../../harness/analysis/statistics/estimators/quantile.ts';
import { standingsOf } from '../../harness/analysis/verdict/standings.ts';
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

function estimate(values: readonly number[]): Estimate {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const n = sorted.length;
  const median = n % 2 === 1 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2;
  const interval = n >= 6 ? { low: at(0), high: at(n - 1), level: 1 - 2 * 0.5 ** n } : null;
  return { n, median, min: at(0), max: at(n - 1), interval, outliers: 0 };
}

function cellOf(run: Run, server: string, scenario: PlannedScenario, clients: number): Cell {
  const planned = run.plan.trials.filter(
    (t) => t.server === server && t.scenario === scenario.id && t.clients === clients,
  );
  const indices = new Set(planned.map((t) => t.index));
  const trials = run.trials.filter((t) => indices.has(t.trial.index));
  const completed = trials.filter((t) => t.status === 'completed');
  const metrics: Record<string, Estimate> = {};
  for (const metric of scenario.metrics) {
    const values = completed
      .map((t) => readMetric(metric, t, scenario.idealMs))
      .filter((v) => v !== undefined);
    if (values.length > 0) metrics[metric.id] = estimate(values);
  }
  const sum = (f: (t: CompletedTrial) => number): number => completed.reduce((total, t) => total + f(t), 0);
  const errors: Record<string, number> = {};
  for (const t of completed) {
    for (const [kind, n] of Object.entries(t.load.exchanges.errors))
      errors[kind] = (errors[kind] ?? 0) + (n ?? 0);
  }
  return {
    server,
    scenario: scenario.id,
    clients,
    trials: {
      planned: planned.length,
      completed: completed.length,
      failed: trials.filter((t) => t.status === 'failed').length,
      aborted: trials.filter((t) => t.status === 'aborted').length,
      invalid: completed.filter((t) => t.checks.some((check) => !check.ok)).length,
    },
    outcomes: {
      asked: sum((t) => t.load.clients.asked),
      lost: sum((t) => t.load.clients.lost),
      failed: sum((t) => t.load.clients.failed),
    },
    heldAtOnce: heldAtOnce(completed.map((t) => t.load.peakEstablished)),
    attempts: {
      connects: sum((t) => t.load.connects.attempted),
      exchanges: sum((t) => t.load.exchanges.attempted),
    },
    errors,
    firstErrors: completed.flatMap((t) => t.load.firstErrors),
    metrics,
    trialIndices: trials.map((t) => t.trial.index),
  };
}

function heldAtOnce(peaks: readonly number[]): Cell['heldAtOnce'] {
  if (peaks.length === 0) return null;
  return { min: Math.min(...peaks), median: quantile(peaks, 0.5), max: Math.max(...peaks) };
}

function scalingOf(cells: readonly Cell[], server: string, scenario: string): ScalingFit {
  const own = cells.filter((c) => c.server === server && c.scenario === scenario && c.metrics['throughput']);
  const last = own.at(-1);
  if (!last || own.length < 6) {
    return {
      kind: 'no-fit',
      server,
      scenario,
      why: `${own.length} client counts were measured; a fit needs six`,
    };
  }
  const gamma = own[0]?.metrics['throughput']?.median ?? 1;
  const rate = last.metrics['throughput']?.median ?? 1;
  const n = last.clients;
  const knee = n * 0.8;
  const alpha = Math.max(0, ((gamma * n) / rate - 1) / (n - 1) - n / knee ** 2);
  const beta = (1 - alpha) / knee ** 2;
  const throughput = (x: number): number => (gamma * x) / (1 + alpha * (x - 1) + beta * x * (x - 1));
  return {
    kind: 'fit',
    server,
    scenario,
    alpha: { value: alpha, low: alpha * 0.8, high: alpha * 1.2 },
    beta: { value: beta, low: null, high: null },
    gamma: { value: gamma, low: gamma * 0.95, high: gamma * 1.05 },
    knee: { value: knee, low: knee * 0.8, high: knee * 1.3 },
    residual: 0.06,
    curve: own.map(({ clients }) => ({ clients, throughput: throughput(clients) })),
  };
}

const WARNINGS: readonly Warning[] = [
  {
    code: 'generator-limited',
    message: 'The busiest generator used 97 % of a core in 1 trial.',
    advice:
      'Read these points as a lower bound of the server, or give the load more generators (--generators 2).',
    cells: [{ server: 'ts-loop', scenario: 'hold', clients: 500 }],
  },
  {
    code: 'steal',
    message: 'Another machine took 1.2 % of the CPU time.',
    advice: 'Repeat on a quieter machine.',
  },
];

/** A run and its summary. Defaults: 6 servers × 9 levels × 3 trials of one scenario. */
export function fixture(options: FixtureOptions = {}): Fixture {
  const suffix = options.suffix ?? '';
  const levels = options.levels ?? [1, 2, 5, 10, 20, 50, 100, 200, 500];
  const repetitions = options.trials ?? 3;
  const kinds = Array.from({ length: options.servers ?? 6 }, (_, i) => serverKind(i));
  const servers: PlannedServer[] = kinds.map(([name, model]) => ({
    name: name + suffix,
    title: `${model.replace('-', ' ')}${suffix}`,
    language: name.startsWith('c-') ? 'c' : 'ts',
    model,
    commands: { hold: ['node', 'servers/main.ts', name, '--port', `{port}${suffix}`] },
    announces: false,
    spreads: false,
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
  const cells = scenarios.flatMap((scenario) =>
    servers.flatMap((server) => levels.map((clients) => cellOf(run, server.name, scenario, clients))),
  );
  const best = servers[0]?.name ?? '';
  const count = (status: TrialResult['status']): number => results.filter((t) => t.status === status).length;
  const measured = count('completed') > 0;
  const summary: Summary = {
    schema: 1,
    runId: run.manifest.id,
    metrics: scenarios[0]?.metrics ?? [],
    cells,
    standings: standingsOf(cellTrialsOf(run), cells),
    verdict: scenarios.flatMap((scenario) => [
      {
        scenario: scenario.id,
        text: measured
          ? `Pick ${best} for ${top} clients: 226 ms elapsed (95 % interval 224 to 229 ms), 3.1 times as fast as the next.`
          : 'No verdict: no trial was completed.',
      },
      ...servers.map(({ name }, i) => ({
        scenario: scenario.id,
        server: name,
        text: measured
          ? `${name} took ${226 * (i + 1)} ms at ${top} clients and lost ${i * 3} of them.`
          : `${name} was not measured.`,
      })),
    ]),
    warnings: WARNINGS.map((warning) => ({
      ...warning,
      message: warning.message + suffix,
      advice: warning.advice + suffix,
    })),
    scaling: scenarios.flatMap(({ id }) => servers.map(({ name }) => scalingOf(cells, name, id))),
    models: scenarios.flatMap(({ id, idealMs }) =>
      servers.flatMap(({ name }, i) => {
        const slots = kinds[i]?.[2] ?? Infinity;
        return [
          {
            server: name,
            scenario: id,
            points: levels.map((clients) => ({
              clients,
              elapsedMs: idealMs * Math.max(1, Math.ceil(clients / slots)),
              lost: 0,
            })),
            deviations: i === 4 ? [`${name} is 60 times slower than its model at ${top} clients.`] : [],
          },
        ];
      }),
    ),
    totals: {
      planned: trials.length,
      completed: count('completed'),
      failed: count('failed'),
      aborted: count('aborted'),
      invalid: results.filter((t) => t.status === 'completed' && t.checks.some((check) => !check.ok)).length,
    },
  };
  return { run, summary };
}
