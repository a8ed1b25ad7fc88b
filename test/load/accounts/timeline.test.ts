import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { sumTimelines, Timeline } from '../../../harness/load/accounts/timeline.ts';

/** A timeline of a generator that completes `perMs` exchanges a ms for `lengthMs`. */
function steady(lengthMs: number, perMs: number) {
  const timeline = new Timeline();
  for (let atMs = 0; atMs < lengthMs; atMs += 5) timeline.sample(atMs, Math.round(atMs * perMs), 10);
  timeline.finish(lengthMs, Math.round(lengthMs * perMs));
  return timeline.grid();
}

void test('a timeline has at most 200 points on one even grid, whatever the length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60_000 }), (lengthMs) => {
      const grid = steady(lengthMs, 2);
      assert.ok(grid.completed.length <= 200);
      assert.equal(grid.completed.length, grid.established.length);
      assert.equal(grid.completed.at(-1), lengthMs * 2);
      assert.equal(grid.established.at(-1), 0);
      const ordered = grid.completed.every((value, k) => k === 0 || value >= (grid.completed[k - 1] ?? 0));
      assert.ok(ordered, 'completed never falls');
    }),
    { numRuns: 60 },
  );
});

void test('points that a stalled generator missed show what the next one saw', () => {
  const timeline = new Timeline();
  timeline.sample(0, 0, 1);
  timeline.sample(22, 7, 2);
  assert.deepEqual(timeline.grid().completed, [0, 7, 7, 7, 7]);
});

void test('sums lie on the coarsest grid, and an ended generator keeps what it completed', () => {
  const sum = sumTimelines([steady(40, 1), steady(3000, 1)]);
  assert.deepEqual(sum.atMs.slice(0, 3), [0, 20, 40]);
  assert.deepEqual(sum.completed.slice(0, 4), [0, 40, 80, 100]);
  assert.deepEqual(sum.established.slice(0, 4), [20, 20, 10, 10]);
  assert.equal(sum.completed.at(-1), 3040);
});
