import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { drift } from '../../../harness/analysis/statistics/estimators/drift.ts';
import { draw, normal, seeded } from './samplers.ts';

describe('drift', () => {
  test('slope and p of a steady rise', () => {
    const found = drift([10, 12, 14, 16, 18, 20])!;
    assert.equal(found.slopePerTrial, 2);
    assert.ok(Math.abs(found.p - 2 / 720) < 1e-12);
    assert.equal(found.drifting, true);
  });

  test('five trials cannot drift at 1 %, however they rise', () => {
    assert.equal(drift([1, 2, 3, 4, 5])!.drifting, false);
  });

  test('one wild trial is no trend', () => {
    const found = drift([10, 11, 10.5, 10.2, 10.9, 10.4, 10.6, 500])!;
    assert.equal(found.drifting, false);
    assert.ok(Math.abs(found.slopePerTrial) < 0.5);
  });

  test('fewer than two trials have no drift to speak of, and equal ones none', () => {
    assert.equal(drift([]), null);
    assert.equal(drift([1]), null);
    assert.deepEqual(drift([5, 5, 5, 5, 5, 5, 5]), { slopePerTrial: 0, p: 1, drifting: false });
  });

  test('p equals the count over all orders, ties included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 6 }), (values) => {
        const observed = Math.abs(kendallS(values));
        const orders = permutations(values);
        const extreme = orders.filter((order) => Math.abs(kendallS(order)) >= observed).length;
        assert.ok(Math.abs(drift(values)!.p - extreme / orders.length) < 1e-12);
      }),
      { numRuns: 60 },
    );
  });

  test('the approximation for many trials takes over from the exact p without a step', () => {
    const random = seeded(4);
    for (let i = 0; i < 20; i++) {
      const values = draw(random, normal, 60).map((value, at) => value + at * 0.02);
      const exact = drift(values)!.p;
      // The middle value once more: hardly any new evidence, but beyond the exact limit.
      const approximate = drift([...values.slice(0, 30), 0.6, ...values.slice(30)])!.p;
      assert.ok(Math.abs(approximate - exact) < 0.02 + 0.35 * exact, `${exact} and ${approximate}`);
    }
  });

  test('without drift it is found in about 1 % of cells, with a steady one nearly always', () => {
    const random = seeded(2);
    let none = 0;
    let some = 0;
    for (let i = 0; i < 1000; i++) {
      const noise = draw(random, normal, 15);
      if (drift(noise)!.drifting) none++;
      if (drift(noise.map((value, at) => value + at * 0.4))!.drifting) some++;
    }
    assert.ok(none <= 22, `${none} of 1000`);
    assert.ok(some >= 950, `${some} of 1000`);
  });
});

function kendallS(values: readonly number[]): number {
  let s = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) s += Math.sign(values[j]! - values[i]!);
  }
  return s;
}

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, i) => permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]));
}
