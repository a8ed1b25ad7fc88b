import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { mannWhitney } from '../../../harness/analysis/statistics/tests/mann-whitney.ts';
import { cauchy, draw, normal, seeded } from './samplers.ts';

const few = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 });

describe('rank-sum test', () => {
  test('p equals the count over all ways to deal the samples, ties included', () => {
    fc.assert(
      fc.property(few, few, (first, second) => {
        assert.ok(Math.abs(mannWhitney(first, second).p - dealt(first, second)) < 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test('shift and interval of two sets far apart', () => {
    const shift = mannWhitney([1, 2, 3, 4, 5], [11, 12, 13, 14, 15]);
    assert.equal(shift.estimate, 10);
    assert.ok(Math.abs(shift.p - 2 / 252) < 1e-12);
    // P(U ≤ 2) = (1 + 1 + 2)/252, and U ≤ 3 is too likely: from the third smallest of 25 differences.
    assert.ok(Math.abs(shift.interval!.level - (1 - 8 / 252)) < 1e-12);
    assert.deepEqual([shift.interval!.low, shift.interval!.high], [7, 13]);
  });

  test('three against three are too few for 95 %', () => {
    assert.equal(mannWhitney([1, 2, 3], [4, 5, 6]).interval, null);
    assert.throws(() => mannWhitney([], [1]), RangeError);
    assert.throws(() => mannWhitney([1], [NaN]), RangeError);
  });

  test('exchanging the sets turns the shift and keeps p', () => {
    fc.assert(
      fc.property(few, few, (first, second) => {
        const one = mannWhitney(first, second);
        const other = mannWhitney(second, first);
        assert.equal(one.estimate + other.estimate, 0);
        assert.ok(Math.abs(one.p - other.p) < 1e-12);
      }),
    );
  });

  test('the interval covers the true shift as often as it says, for equal and unequal sizes', () => {
    const random = seeded(21);
    for (const [sampler, m, n] of [
      [normal, 5, 5],
      [cauchy, 7, 12],
    ] as const) {
      let covered = 0;
      let level = 0;
      for (let i = 0; i < 2000; i++) {
        const second = draw(random, sampler, n).map((value) => value + 3);
        const { interval } = mannWhitney(draw(random, sampler, m), second);
        assert.ok(interval);
        level = interval.level;
        if (interval.low <= 3 && 3 <= interval.high) covered++;
      }
      assert.ok(Math.abs(covered / 2000 - level) < 4 * Math.sqrt((level * (1 - level)) / 2000));
    }
  });

  test('the approximation for many samples agrees with the exact distribution where it takes over', () => {
    const random = seeded(22);
    for (let i = 0; i < 5; i++) {
      const first = draw(random, normal, 30).map((value) => Math.round(value * 4));
      const second = draw(random, normal, 30).map((value) => Math.round(value * 4 + 2));
      const exact = mannWhitney(first, second);
      const many = mannWhitney(first, [...second, second.toSorted((a, b) => a - b)[15]!]);
      assert.deepEqual([exact.exact, many.exact], [true, false]);
      assert.ok(Math.abs(many.p - exact.p) < 0.02 + 0.3 * exact.p, `${exact.p} and ${many.p}`);
      assert.ok(Math.abs(many.interval!.low - exact.interval!.low) <= 1);
    }
    assert.equal(mannWhitney(Array(40).fill(1), Array(40).fill(1)).p, 1);
  });
});

/** Two-sided p by brute force over all choices of which samples are the first set. */
function dealt(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const rank = (value: number) =>
    all.filter((other) => other < value).length + (all.filter((other) => other === value).length + 1) / 2;
  const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + rank(value), 0);
  const observed = sumOf(first);
  const sums: number[] = [];
  for (let chosen = 0; chosen < 2 ** all.length; chosen++) {
    const picked = all.filter((_, i) => chosen & (1 << i));
    if (picked.length === first.length) sums.push(sumOf(picked));
  }
  const atMost = sums.filter((sum) => sum <= observed).length / sums.length;
  const atLeast = sums.filter((sum) => sum >= observed).length / sums.length;
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}
