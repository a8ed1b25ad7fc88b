import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { resampleOrder } from '../../harness/lab/order/resampled.ts';
import { simulateOrder, type Setting } from '../../harness/lab/order/simulated.ts';
import type { SweepCell } from '../../harness/analysis/statistics/order/noise.ts';

/** Made by `node test/bench/equal-servers.ts`: one server under six names, by metric, elapsed time first. */
const RECORDED = new URL('equal-servers.json', import.meta.url);

/** A default sweep. */
const SWEEP: Setting = {
  servers: 6,
  levels: 9,
  trials: 3,
  scatter: 'normal',
  spread: 0.05,
  uneven: { levels: 1, server: 1 },
  slower: 0,
  metrics: 2,
};

void test('runs of one server under six names, drawn from a recorded one', (t) => {
  if (!existsSync(RECORDED)) return t.skip('nothing is recorded: node test/bench/equal-servers.ts');
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as readonly (readonly SweepCell[])[];
  const equal = resampleOrder(recorded, { trials: 3, slower: 0 }, 20);
  assert.ok(equal.wrong.count <= 1, `${equal.wrong.count} of 20 runs hold a sentence of difference`);
  const { found, wrong } = resampleOrder(recorded, { trials: 3, slower: 0.2 }, 20);
  assert.ok(found && found.count >= 16, `a name made 20 % slower is told in ${found?.count} of 20 runs`);
  assert.ok(wrong.count <= 1, `${wrong.count} of 20 runs hold another sentence of difference`);
});

describe('simulated runs, six servers at nine levels with three trials of a spread of 5 %', () => {
  const RUNS = 60;
  /** With a true rate of 5 %, more come in less than 1 % of draws. */
  const MOST = 8;
  for (const scatter of ['normal', 't with 3 df', 'disturbed', 'drifting'] as const) {
    test(`equal servers are told apart in at most 5 % of runs: ${scatter}`, () => {
      const { wrong } = simulateOrder({ ...SWEEP, scatter }, RUNS);
      assert.ok(wrong.count <= MOST, `${wrong.count} of ${wrong.of}`);
    });
  }

  test('so too where few clients scatter three times as much, or one server does', () => {
    for (const uneven of [
      { levels: 3, server: 1 },
      { levels: 1, server: 3 },
    ]) {
      const { wrong } = simulateOrder({ ...SWEEP, uneven }, RUNS);
      assert.ok(wrong.count <= MOST, `${wrong.count} of ${wrong.of}`);
    }
  });

  test('with one level only, for two servers and for twenty-two', () => {
    for (const servers of [2, 22]) {
      const { wrong } = simulateOrder({ ...SWEEP, servers, levels: 1 }, RUNS);
      assert.ok(wrong.count <= MOST, `${servers} servers: ${wrong.count} of ${wrong.of}`);
    }
  });

  test('a server that is 20 % slower is told in four of five', () => {
    const { found, wrong } = simulateOrder({ ...SWEEP, slower: 0.2 }, 50);
    assert.ok(found && found.count >= 40, `${found?.count} of ${found?.of}`);
    assert.ok(wrong.count <= 6, `${wrong.count} of ${wrong.of}`);
  });
});
