import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { checkValidity } from '../../../harness/load/accounts/validity.ts';
import type { LoadResult } from '../../../harness/results/schema/load.ts';
import { loadResult } from '../fixtures/load-result.ts';

function failing(change: Partial<LoadResult>, holds = true): readonly string[] {
  return checkValidity(loadResult(change), { holds })
    .filter((check) => !check.ok)
    .map((check) => check.id);
}

void test('a load that went well passes every check that applies to it', () => {
  const checks = checkValidity(loadResult(), { holds: true });
  assert.deepEqual(
    checks.map((check) => [check.id, check.ok]),
    [
      ['conservation', true],
      ['answers', true],
      ['established', true],
      ['littles-law', true],
      ['generator-saturated', true],
      ['generator-late', true],
    ],
  );
});

void test('an attempt that is not accounted for is found, in connects, in exchanges and in clients', () => {
  const account = { attempted: 10, completed: 7, errors: { reset: 1, deadline: 1 }, inFlight: 0 };
  assert.deepEqual(failing({ exchanges: account }), ['conservation']);
  assert.deepEqual(failing({ connects: account }), ['conservation']);
  assert.deepEqual(failing({ exchanges: { ...account, inFlight: 1 } }), []);
  assert.deepEqual(failing({ clients: { asked: 10, completed: 8, lost: 1, failed: 0, stopped: 0 } }), [
    'conservation',
  ]);
});

void test('a wrong answer, one out of turn, and one that the scenario itself found wrong, each make it not valid', () => {
  const exchanges = { attempted: 10, completed: 9, inFlight: 0 };
  for (const kind of ['mismatch', 'protocol'] as const) {
    assert.deepEqual(failing({ exchanges: { ...exchanges, errors: { [kind]: 1 } } }), ['answers']);
  }
  assert.deepEqual(failing({ exchanges: { ...exchanges, errors: { reset: 1 } } }), []);
  assert.deepEqual(failing({ wrong: 1 }), ['answers']);
});

void test('clients that were not all connected at once are found where the scenario holds', () => {
  assert.deepEqual(failing({ peakEstablished: 9 }), ['established']);
  assert.deepEqual(failing({ peakEstablished: 9 }, false), []);
});

void test('time of clients that neither waited nor thought breaks Little’s law', () => {
  assert.deepEqual(failing({ window: { completed: 800, responseMs: 3000, thinkMs: 4700 } }), ['littles-law']);
  assert.deepEqual(failing({ window: { completed: 800, responseMs: 3000, thinkMs: 4900 } }), []);
});

void test('an open loop is held against its rate instead', () => {
  const window = { completed: 1, responseMs: 1, thinkMs: 0 };
  assert.deepEqual(failing({ window, rate: { offeredPerSecond: 1000, achievedPerSecond: 990 } }), []);
  assert.deepEqual(failing({ window, rate: { offeredPerSecond: 1000, achievedPerSecond: 900 } }), [
    'offered-rate',
  ]);
});

void test('a rate at which no request fell due is not valid, and says so, whatever else is missing', () => {
  const window = { completed: 0, responseMs: 0, thinkMs: 0 };
  const checks = checkValidity(loadResult({ window }), { holds: true, ratePerSecond: 0.5 });
  const [failed, ...others] = checks.filter(({ ok }) => !ok);
  assert.deepEqual([failed?.id, others], ['nothing-due', []]);
  assert.match(failed?.message ?? '', /^No request fell due in the measured [\d.]+ s at a rate of 0\.5\/s/);
});

void test('a server that announces the end of its connections holds none, which is no fault of its answers', () => {
  assert.deepEqual(failing({ peakEstablished: 0 }), ['established']);
  assert.deepEqual(failing({ peakEstablished: 0, counters: { reconnects: 40 } }), []);
});

void test('a generator that uses up its core, or whose event loop runs late, is named as the limit', () => {
  const [generator] = loadResult().generators;
  assert.ok(generator);
  const busy = [generator, { ...generator, coreShare: 0.97, latenessP99Ms: 25 }];
  assert.deepEqual(failing({ generators: busy }), ['generator-saturated', 'generator-late']);
});

void test('every message is one sentence with the figure in it', () => {
  for (const check of checkValidity(loadResult({ peakEstablished: 3 }), { holds: true })) {
    assert.match(check.message, /\.$/);
  }
});

void test('lateness is held against the elapsed time where clients come and go', () => {
  const [generator] = loadResult().generators;
  assert.ok(generator);
  const late = { elapsedMs: 1000, generators: [{ ...generator, latenessP99Ms: 45 }] };
  assert.deepEqual(failing(late, true), ['generator-late']);
  assert.deepEqual(failing(late, false), []);
  assert.deepEqual(failing({ ...late, elapsedMs: 500 }, false), ['generator-late']);
});
