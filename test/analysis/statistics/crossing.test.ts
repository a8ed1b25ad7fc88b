import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { compareCurves, type CurvePoint } from '../../../harness/analysis/statistics/estimators/crossing.ts';

const LEVELS = [1, 10, 100, 1000];

function curve(estimates: readonly number[], spread = 0.02): CurvePoint[] {
  return estimates.map((estimate, i) => ({
    clients: LEVELS[i]!,
    estimate,
    interval: { low: estimate * (1 - spread), high: estimate * (1 + spread), level: 0.95 },
  }));
}

describe('two curves compared', () => {
  test('overlapping intervals everywhere: no difference that can be told', () => {
    const comparison = compareCurves(curve([100, 100, 101, 100]), curve([101, 100, 100, 102]), true);
    assert.deepEqual(comparison, {
      kind: 'no-difference',
      ranges: [{ from: 1, to: 1000, better: 'neither' }],
    });
  });

  test('one is better from some level on', () => {
    const comparison = compareCurves(curve([100, 100, 110, 150]), curve([100, 101, 100, 100]), true);
    assert.equal(comparison.kind, 'one-better');
    assert.deepEqual(comparison.ranges, [
      { from: 1, to: 10, better: 'neither' },
      { from: 100, to: 1000, better: 'second' },
    ]);
  });

  test('they cross, between the last and the first level where that is certain', () => {
    const comparison = compareCurves(curve([50, 80, 100, 200]), curve([100, 100, 101, 120]), true);
    assert.ok(comparison.kind === 'crossing');
    const [crossing] = comparison.crossings;
    assert.ok(crossing);
    assert.deepEqual([crossing.after, crossing.before, crossing.becomes], [10, 1000, 'second']);
    assert.ok(crossing.clients! > 100 && crossing.clients! < 1000, `${crossing.clients}`);
    assert.deepEqual(
      comparison.ranges.map(({ better }) => better),
      ['first', 'neither', 'second'],
    );
  });

  test('for throughput the larger is the better', () => {
    const comparison = compareCurves(curve([10, 20, 30, 40]), curve([5, 6, 7, 8]), false);
    assert.ok(comparison.kind === 'one-better' && comparison.better === 'first');
  });

  test('without an interval nothing is told, and only shared levels are compared', () => {
    const bare = curve([1, 1, 1, 1]).map((point) => ({ ...point, interval: null }));
    assert.equal(compareCurves(bare, curve([9, 9, 9, 9]), true).kind, 'no-difference');
    assert.deepEqual(compareCurves(curve([1, 2]).slice(0, 1), curve([1, 2]).slice(1), true), {
      kind: 'no-difference',
      ranges: [],
    });
  });

  test('exchanging the curves exchanges the answer', () => {
    const estimates = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(estimates, estimates, fc.boolean(), (a, b, smallerIsBetter) => {
        const one = compareCurves(curve(a), curve(b), smallerIsBetter);
        const other = compareCurves(curve(b), curve(a), smallerIsBetter);
        const swapped = { first: 'second', second: 'first', neither: 'neither' } as const;
        assert.equal(one.kind, other.kind);
        assert.deepEqual(
          one.ranges.map((range) => ({ ...range, better: swapped[range.better] })),
          other.ranges,
        );
      }),
    );
  });
});
