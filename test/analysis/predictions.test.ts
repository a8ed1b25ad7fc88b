import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { PredictedCurve } from '../../harness/results/schema/summary.ts';
import type { AnalyticModel, PlannedScenario } from '../../harness/results/schema/plan.ts';
import { fakeRun, fakeScenario, fakeServer, type Figures } from './fixture.ts';

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

  test('slower with a full accept queue: where, how far, and that the queue is why', () => {
    const model = modelOf(POOL, (n) =>
      n >= 16
        ? { elapsedMs: 2 * pool(n), lost: n === 80 ? 32 : 0, kernel: { synRetransmits: 3 } }
        : { elapsedMs: pool(n) },
    );
    assert.equal(model?.deviations.length, 1);
    assert.match(
      model?.deviations[0] ?? '',
      /^subject takes more time than its architecture makes of a single client's from 16 to 80 clients; furthest at 16 clients, 400 ms \(.*\) against 200 ms, 2 times as much\. Likely why: its accept queue was full/,
    );
  });

  test('slower with busy cores: what each connection costs, and that each has a process of its own', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) => ({
      elapsedMs: 100 + 20 * n,
      cpuNs: n * 28e6,
      processes: n + 1,
    }));
    assert.match(
      model?.deviations[0] ?? '',
      /from 8 to 80 clients; furthest at 80 clients, .* against 120 ms, 14 times as much\. Likely why: it kept 1\.3 cores busy, with 28 ms of CPU for each connection, for each of which it starts a process or thread\.$/,
    );
  });

  test('slower without any cause that the figures bear out: no cause is made up', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) => ({ elapsedMs: n === 1 ? 100 : 1000 }));
    assert.match(model?.deviations[0] ?? '', /10 times as much\. It kept only \S+ cores busy meanwhile/);
  });

  test('slower beside other processes: that it waited for the CPU', () => {
    const model = modelOf({ kind: 'unbounded' }, (n) => ({
      elapsedMs: n === 1 ? 100 : 1000,
      kernel: { foreignCpuMs: 1500 },
    }));
    assert.match(model?.deviations[0] ?? '', /other processes kept 1\.5 cores busy meanwhile/);
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
      /takes less time than its architecture makes of the floor from 16 to 80 clients;.*serves more connections at once/,
    );
    assert.match(
      model?.deviations[1] ?? '',
      /lost 0 % of 80 clients, where its architecture would lose 40 %/,
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
