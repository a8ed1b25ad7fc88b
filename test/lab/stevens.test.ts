import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../property.ts';
import type { CompletedTrial } from '../../harness/results/schema/trial.ts';
import { distributionOf, servedByWorkers } from '../../harness/lab/stevens/distribution.ts';
import { herdArms, herdRows } from '../../harness/lab/stevens/herd.ts';
import { loadOf, stevensArms, stevensRows } from '../../harness/lab/stevens/stevens.ts';
import { completedTrials } from './trials.ts';

const SETTING = { language: 'c', children: 10, loops: 500, bytes: 4000, workers: 15 } as const;

/** By server, CPU per connection in µs by round. */
function trialsOf(
  costs: Readonly<Record<string, readonly number[]>>,
): ReadonlyMap<string, readonly CompletedTrial[]> {
  return new Map(Object.entries(costs).map(([server, us]) => [server, completedTrials(server, us)]));
}

void test('process control is the difference from the iterative server of the same round, for 5,000 connections', () => {
  const trials = trialsOf({ 'c-iterative': [20, 40, 30], 'c-fork': [120, 150, 124] });
  const rows = stevensRows(trials, 'c');
  const fork = rows.find(({ server }) => server === 'c-fork');
  // Rounds: 100, 110 and 94 µs a connection.
  assert.deepEqual(fork?.processControlS, { median: 0.5, low: 0.47, high: 0.55 });
  assert.equal(fork?.cpuPerConnectionUs, 124);
  assert.deepEqual(rows[0]?.processControlS, { median: 0, low: 0, high: 0 });
});

void test('a design that is not built, or whose trials failed, has a row without figures', () => {
  const rows = stevensRows(trialsOf({ 'c-iterative': [20], 'c-thread': [] }), 'c');
  assert.equal(rows.length, 9);
  for (const number of [3, 6]) {
    assert.equal(rows[number]?.processControlS, undefined);
    assert.equal(rows[number]?.cpuPerConnectionUs, undefined);
  }
  assert.deepEqual(
    rows.map(({ publishedS }) => publishedS),
    [0, 20.9, 1.8, 2.07, 1.75, 2.58, 0.99, 1.93, 2.05],
  );
});

void test('a round in which the iterative server failed gives no difference', () => {
  const fork = completedTrials('c-fork', [100, 200]);
  const trials = new Map([
    ['c-iterative', completedTrials('c-iterative', [20])],
    ['c-fork', fork],
  ]);
  const row = stevensRows(trials, 'c')[1];
  assert.deepEqual(row?.processControlS, { median: 0.4, low: 0.4, high: 0.4 });
});

void test('the designs in TypeScript that start a runtime for each connection make fewer of them', () => {
  const loops = new Map(
    stevensArms({ ...SETTING, language: 'ts' }).map(({ variant, load }) => [
      variant,
      load.parameters['loops'],
    ]),
  );
  assert.equal(loops.get('ts-fork'), 10);
  assert.equal(loops.get('ts-iterative'), 500);
});

void test('a distribution tells the fewest, the middle, the most, and the share of the busiest', () => {
  assert.deepEqual(distributionOf([10, 30, 20, 40]), {
    workers: 4,
    min: 10,
    median: 25,
    max: 40,
    busiestShare: 0.4,
  });
  assert.equal(distributionOf([]), undefined);
  assert.equal(distributionOf([0, 0]), undefined);
});

void test('the share of the busiest lies between an even one and all', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 200 }), (served) => {
      const distribution = distributionOf(served);
      if (!distribution) return served.every((each) => each === 0);
      const { min, median, max, busiestShare, workers } = distribution;
      return min <= median && median <= max && busiestShare >= 1 / workers - 1e-12 && busiestShare <= 1;
    }),
  );
});

void test('what workers served is read from statistics of any shape', () => {
  assert.deepEqual(
    servedByWorkers({
      workers: [
        { id: 0, served: 3 },
        { id: 1, served: 4 },
      ],
    }),
    [3, 4],
  );
  for (const strange of [undefined, {}, { workers: 8 }, { workers: [null, 3, { served: 'x' }] }]) {
    assert.deepEqual(servedByWorkers(strange), []);
  }
});

void test('the herd has a row for each way to wait and a point for each size', () => {
  const load = loadOf(SETTING, 500);
  const arms = herdArms([15, 120], load);
  assert.equal(new Set(arms.map(({ name }) => name)).size, 6);
  const trials = new Map(arms.map(({ name }, i) => [name, completedTrials(name, [i + 1, i + 1, 900])]));
  assert.deepEqual(
    herdRows(trials, [15, 120]).map(({ points }) => points.map((point) => point.cpuPerConnectionUs)),
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  );
});
