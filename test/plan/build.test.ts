import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { buildPlan, type PlanRequest } from '../../harness/plan/build.ts';

function request(overrides: Partial<PlanRequest> = {}): PlanRequest {
  const server = (name: string): PlanRequest['servers'][number] => ({
    name,
    title: name,
    language: 'ts',
    model: name,
    commands: {},
    announces: false,
    stopSignal: 'SIGTERM',
  });
  return {
    servers: [server('a'), server('b'), server('c')],
    scenarios: [
      {
        id: 's',
        title: 's',
        module: 'builtin:s',
        parameters: {},
        idealMs: 20,
        warmupMs: 0,
        holds: false,
        headline: 'elapsed',
        metrics: [],
        deadlineMs: (clients) => 1000 + clients,
      },
    ],
    clients: [1, 10, 100],
    trialsPerCell: 4,
    rampMs: 0,
    seed: 1,
    ...overrides,
  };
}

describe('a plan', () => {
  it('is the same byte for byte for the same seed, and another for another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        assert.equal(
          JSON.stringify(buildPlan(request({ seed }))),
          JSON.stringify(buildPlan(request({ seed }))),
        );
      }),
    );
    assert.notEqual(
      JSON.stringify(buildPlan(request({ seed: 1 })).trials),
      JSON.stringify(buildPlan(request({ seed: 2 })).trials),
    );
  });

  it('loads warm in every third trial with the most clients, where a cold server can be loaded again', () => {
    const warm = (overrides: Partial<PlanRequest> = {}) =>
      buildPlan(request(overrides))
        .trials.filter(({ warmLoad }) => warmLoad)
        .map(({ server, clients, repetition }) => `${server} ${clients} ${repetition}`)
        .toSorted();
    assert.deepEqual(warm(), ['a 100 1', 'a 100 4', 'b 100 1', 'b 100 4', 'c 100 1', 'c 100 4']);
    const [scenario] = request().scenarios;
    assert.ok(scenario);
    assert.deepEqual(warm({ scenarios: [{ ...scenario, warmedBy: { kind: 'time', ms: 500 } }] }), []);
    assert.deepEqual(warm({ scenarios: [{ ...scenario, traits: { once: true } }] }), []);
  });

  it('holds every cell once in each repetition, in an order of its own', () => {
    const { trials } = buildPlan(request());
    const blocks = [1, 2, 3, 4].map((repetition) =>
      trials
        .filter((trial) => trial.repetition === repetition)
        .map((trial) => `${trial.server} ${trial.clients}`),
    );
    for (const block of blocks) assert.equal(new Set(block).size, 9);
    assert.notDeepEqual(blocks[0], blocks[1]);
    assert.deepEqual(
      trials.map((trial) => trial.index),
      trials.map((_, i) => i),
    );
    assert.deepEqual(
      trials.map((trial) => trial.repetition),
      trials.map((trial) => trial.repetition).sort((a, b) => a - b),
    );
  });

  it('gives every trial a deadline from its number of clients and a seed of its own', () => {
    const { trials } = buildPlan(request());
    assert.ok(trials.every((trial) => trial.deadlineMs === 1000 + trial.clients));
    assert.equal(new Set(trials.map((trial) => trial.seed)).size, trials.length);
  });
});
