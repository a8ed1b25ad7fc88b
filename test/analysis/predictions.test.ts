import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { PredictedCurve } from '../../harness/results/schema/summary.ts';
import type { AnalyticModel, PlannedScenario } from '../../harness/results/schema/plan.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type Figures } from './fixture.ts';

const LEVELS = [1, 8, 16, 80];

/** Repetitions 1 to 6 around their middle, so that the median is what was asked for. */
const around = (repetition: number): number => 1 + (repetition - 3.5) / 1000;

/** The model of one server under a session of 100 ms with a waiting period of 500 ms. */
function modelOf(
  analytic: AnalyticModel | undefined,
  figures: (clients: number) => Figures,
  scenario: Partial<PlannedScenario> = {},
): PredictedCurve | undefined {
  const run = fakeRun({
    servers: [fakeServer('subject', analytic ? { analytic } : {})],
    scenarios: [fakeScenario({ traits: { patienceMs: 500 }, ...scenario })],
    clients: LEVELS,
    measure: ({ clients, repetition }) => {
      const { elapsedMs, ...rest } = figures(clients);
      return { elapsedMs: elapsedMs * around(repetition), cpuNs: 1e6, ...rest };
    },
  });
  return summarise(run).models[0];
}

const POOL: AnalyticModel = { kind: 'pool', slots: 8 };
/** What a pool of eight does by itself: one wave of 100 ms for every eight, the sixth of which starts in time. */
const pool = (clients: number) => Math.min(6, Math.ceil(clients / 8)) * 100;

describe('the architecture beside the measurement', () => {
  test('a pool serves in waves until the waiting period is over', () => {
    const model = modelOf(POOL, (n) => ({ elapsedMs: pool(n), lost: n === 80 ? 32 : 0 }));
    assert.deepEqual(model?.points, [
      { clients: 1, elapsedMs: 100, lost: 0 },
      { clients: 8, elapsedMs: 100, lost: 0 },
      { clients: 16, elapsedMs: 200, lost: 0 },
      { clients: 80, elapsedMs: 600, lost: 32 },
    ]);
    assert.deepEqual(model.deviations, []);
  });

  /** The sentence on a server that is slower than its architecture, or loses more, in trials with these figures. */
  const whyOf = (figures: Partial<Figures>, analytic: AnalyticModel = { kind: 'unbounded' }): string => {
    const model = modelOf(analytic, (n) => (n === 1 ? { elapsedMs: 100 } : { elapsedMs: 1000, ...figures }));
    assert.equal(model?.deviations.length, 1, model?.deviations.join('\n'));
    return model.deviations[0] ?? '';
  };

  test('slower with a full accept queue: where, how far, and that the queue was used up', () => {
    const model = modelOf(POOL, (n) =>
      n === 16
        ? { elapsedMs: 2 * pool(n), kernel: { listenOverflows: 1, listenDrops: 1, synRetransmits: 3 } }
        : { elapsedMs: pool(n), lost: n === 80 ? 32 : 0 },
    );
    assert.equal(model?.deviations.length, 1);
    assert.match(
      model.deviations[0] ?? '',
      /^subject takes more time than its architecture makes of a single client's at 16 clients: 400 ms \(.*\) against 200 ms, 2 times as much\. Used up: the accept queue \(6 overflows, 6 drops, 18 handshakes sent again after 1 s or more\)\.$/,
    );
  });

  test('slower with busy cores: what each connection costs, and that each has a process of its own', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) => ({
      elapsedMs: 100 + 20 * n,
      cpuNs: n * 38e6,
      processes: n + 1,
    }));
    assert.match(
      model?.deviations[0] ?? '',
      /from 8 to 80 clients; furthest at 80 clients, .* against 120 ms, 14 times as much\. Used up: CPU \(the server used 1\.8 of 2 cores; 38 ms for each client that was served, each with a process or thread of its own\)\.$/,
    );
  });

  test('slower with one core used by the single process of a server: as much as one thread can use', () => {
    assert.match(
      whyOf({ cpuNs: 950e6 }),
      /CPU \(the server used 0\.95 of 2 cores, as much as one thread can use/,
    );
  });

  test('slower with as much CPU in several processes on idle cores: that CPU is not called used up', () => {
    assert.match(
      whyOf({ cpuNs: 950e6, processes: 4 }),
      /No counter explains it: the server used 0\.95 of 2 cores,/,
    );
  });

  test('slower without any cause that the counters show: no cause is made up', () => {
    assert.match(
      whyOf({}),
      /10 times as much\. No counter explains it: the server used 0\.00\S+ of 2 cores, the accept queue never overflowed, and no handshake was sent again\.$/,
    );
  });

  test('slower beside other processes and a hypervisor that left no CPU', () => {
    assert.match(
      whyOf({ kernel: { foreignCpuMs: 1500, stealMs: 200 } }),
      /Used up: CPU \(the server used 0\.\S+ of 2 cores, other processes 1\.5 and the hypervisor 0\.20;/,
    );
  });

  test('slower with workers that stop at a limit: how many were served at once in every trial', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) =>
      n === 80
        ? { elapsedMs: 800, peakEstablished: 10, processes: 11 }
        : { elapsedMs: 100, processes: n + 1 },
    );
    assert.match(
      model?.deviations[0] ?? '',
      /Used up: its workers \(10 connections at once in every trial, with 11 processes or threads\)\.$/,
    );
  });

  test('slower with fewer workers than it describes: its limit is what was counted', () => {
    const model = modelOf({ kind: 'pool', slots: 64 }, (n) => ({
      elapsedMs: n >= 16 ? 400 : 100,
      peakEstablished: Math.min(n, 8),
      processes: 9,
    }));
    assert.match(
      model?.deviations[0] ?? '',
      /Used up: its workers \(8 connections at once in every trial, with 9 processes or threads\)\.$/,
    );
  });

  test('counters that could not be read explain nothing and deny nothing', () => {
    assert.match(
      whyOf({ kernel: { listenOverflows: null } }),
      /No counter explains it: .*, and the counters of the accept queue could not be read\.$/,
    );
  });

  test('slower behind a generator that has no CPU left: the generator is named', () => {
    assert.match(whyOf({ generatorShare: 0.85 }), /Used up: the load generator \(0\.85 of a core\)/);
  });

  test('clients lost while workers were started: the CPU of the waiting period, though the server was idle after it', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) =>
      n === 80
        ? {
            elapsedMs: 2000,
            lost: 40,
            cpuNs: 950e6,
            processes: 61,
            cpuSeries: [
              [0, 0],
              [500, 930e6],
              [2000, 950e6],
            ],
          }
        : { elapsedMs: 100 },
    );
    assert.deepEqual(model?.deviations.length, 1);
    assert.match(
      model.deviations[0] ?? '',
      /^subject lost 50 % of 80 clients, where its architecture would lose 0 %\. Used up: CPU \(the server used 1\.9 of 2 cores; 23\.8 ms for each client that was served/,
    );
    assert.doesNotMatch(model.deviations[0] ?? '', /held for longer/);
  });

  test('clients lost without a counter that explains it: that none does', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) => ({ elapsedMs: 100, lost: n === 80 ? 40 : 0 }));
    assert.match(model?.deviations[0] ?? '', /lost 50 % .*\. No counter explains it: the server used/);
  });

  test('times of levels that lost or failed clients, or were not valid, are held against nobody', () => {
    for (const spoiled of [
      { lost: 2 },
      { failed: 1 },
      { errors: { answer: 1 } },
      { checks: [failedCheck()] },
    ]) {
      const model = modelOf({ kind: 'unbounded' }, (n) => ({
        elapsedMs: n === 1 ? 100 : 1000,
        ...(n > 1 ? spoiled : {}),
      }));
      assert.ok(
        model?.deviations.every((text) => !text.includes('more time')),
        model?.deviations.join('\n'),
      );
    }
  });

  test('a cost that a client meets alone as well is not held against the architecture', () => {
    const model = modelOf({ kind: 'iterative' }, (n) => ({
      elapsedMs: Math.min(n, 4) * 150,
      lost: Math.max(0, n - 4),
    }));
    assert.deepEqual(model?.points[0], { clients: 1, elapsedMs: 100, lost: 0 });
    assert.deepEqual(model?.deviations, []);
  });

  test('faster than its slots allow: it serves more at once than it says', () => {
    const model = modelOf(POOL, () => ({ elapsedMs: 100 }));
    assert.match(
      model?.deviations[0] ?? '',
      /takes less time than its architecture makes of the floor from 16 to 80 clients;.*It served up to 80 connections at once, where its description says 8\.$/,
    );
    assert.match(
      model?.deviations[1] ?? '',
      /lost 0 % of 80 clients, where its architecture would lose 40 %\. It served up to 80 connections at once/,
    );
  });

  test('faster without more connections at once than its slots: that no counter explains it', () => {
    const model = modelOf(POOL, (n) => ({ elapsedMs: 100, peakEstablished: Math.min(8, n) }));
    assert.match(
      model?.deviations[0] ?? '',
      /No counter explains it: it served no more than 8 connections at once\.$/,
    );
  });

  test('there is no curve for an unknown architecture, nor where the time is set', () => {
    assert.equal(
      modelOf(undefined, () => ({ elapsedMs: 1 })),
      undefined,
    );
    assert.equal(
      modelOf(POOL, () => ({ elapsedMs: 1 }), { headline: 'throughput' }),
      undefined,
    );
    assert.equal(
      modelOf(POOL, () => ({ elapsedMs: 1 }), { idealMs: 0 }),
      undefined,
    );
  });
});
