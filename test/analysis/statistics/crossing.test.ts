import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { crossingsOf, type CurvePoint } from '../../../harness/analysis/statistics/estimators/crossing.ts';

const LEVELS = [1, 10, 100, 1000];

function curve(estimates: readonly number[], spread = 0.02): CurvePoint[] {
  return estimates.map((estimate, i) => ({
    clients: LEVELS[i]!,
    estimate,
    interval: { low: estimate * (1 - spread), high: estimate * (1 + spread), level: 0.95 },
  }));
}

describe('where one of two curves becomes the better', () => {
  test('overlapping intervals everywhere: nowhere', () => {
    assert.deepEqual(crossingsOf(curve([100, 100, 101, 100]), curve([101, 100, 100, 102]), true), []);
  });

  test('one that is better from some level on, and nowhere worse, overtakes nobody', () => {
    assert.deepEqual(crossingsOf(curve([100, 100, 110, 150]), curve([100, 101, 100, 100]), true), []);
  });

  test('between the last and the first level where that is certain', () => {
    const [crossing, ...more] = crossingsOf(curve([50, 80, 100, 200]), curve([100, 100, 101, 120]), true);
    assert.ok(crossing);
    assert.deepEqual(more, []);
    assert.deepEqual([crossing.after, crossing.before, crossing.becomes], [10, 1000, 'second']);
    assert.ok(crossing.clients! > 100 && crossing.clients! < 1000, `${crossing.clients}`);
  });

  test('for throughput the larger is the better', () => {
    const curves = [curve([10, 20, 30, 40]), curve([20, 21, 22, 23])] as const;
    assert.deepEqual(
      [true, false].map((smallerIsBetter) => crossingsOf(...curves, smallerIsBetter)[0]?.becomes),
      ['second', 'first'],
    );
  });

  test('without an interval nothing is told, and only shared levels are compared', () => {
    const [first, second] = [curve([1, 1, 9, 9]), curve([9, 9, 1, 1])];
    const bare = first.map((point) => ({ ...point, interval: null }));
    assert.equal(crossingsOf(first, second, true).length, 1);
    assert.deepEqual(crossingsOf(bare, second, true), []);
    assert.deepEqual(crossingsOf(first.slice(0, 2), second.slice(2), true), []);
  });

  test('exchanging the curves exchanges the answer', () => {
    const estimates = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(estimates, estimates, fc.boolean(), (a, b, smallerIsBetter) => {
        const one = crossingsOf(curve(a), curve(b), smallerIsBetter);
        const other = crossingsOf(curve(b), curve(a), smallerIsBetter);
        const swapped = { first: 'second', second: 'first' } as const;
        const places = ({ after, before, becomes }: (typeof one)[number]) => ({ after, before, becomes });
        assert.deepEqual(
          one.map(places).map((crossing) => ({ ...crossing, becomes: swapped[crossing.becomes] })),
          other.map(places),
        );
      }),
    );
  });
});
