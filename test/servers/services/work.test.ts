import assert from 'node:assert/strict';
import { test } from 'node:test';
import { burn, sequence } from '../../../servers/services/work.ts';

test('the same seed and worker draw the same sequence, another worker another', () => {
  const take = (seed: bigint, worker: number): number[] => Array.from({ length: 5 }, sequence(seed, worker));
  assert.deepEqual(take(1n, 0), take(1n, 0));
  assert.notDeepEqual(take(1n, 0), take(1n, 1));
  assert.notDeepEqual(take(1n, 0), take(2n, 0));
});

test('draws are spread evenly from 0 to 1', () => {
  const draw = sequence(7n, 0);
  const draws = Array.from({ length: 20_000 }, draw);
  assert.ok(draws.every((value) => value >= 0 && value < 1));
  const low = draws.filter((value) => value < 0.1).length / draws.length;
  assert.ok(Math.abs(low - 0.1) < 0.01, `${low} of the draws are under 0.1`);
});

test('what is burned is CPU time of this thread, and no less than asked for', () => {
  const before = process.threadCpuUsage();
  let burnedUs = 0;
  for (let i = 0; i < 100; i += 1) burnedUs += burn(1000);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(burnedUs >= 100_000);
  // The kernel brings its account up to date at its ticks, which are up to 10 ms apart.
  assert.ok(user + system >= burnedUs - 20_000, `${user + system} of ${burnedUs} µs`);
});
