import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOutliers } from '../../../harness/analysis/statistics/estimators/outliers.ts';
import { draw, normal, seeded } from './samplers.ts';

describe('outliers', () => {
  test('samples far out are counted on their own side', () => {
    assert.deepEqual(countOutliers([10, 11, 12, 13, 14, 15, 100]), { low: 0, high: 1 });
    assert.deepEqual(countOutliers([-80, 10, 11, 12, 13, 14, 15]), { low: 1, high: 0 });
    assert.deepEqual(countOutliers([10, 11, 12, 13, 14, 15, 16]), { low: 0, high: 0 });
  });

  test('when most samples are equal, the one that differs is far out', () => {
    assert.deepEqual(countOutliers([8, 8, 8, 8, 8, 9]), { low: 0, high: 1 });
    assert.deepEqual(countOutliers([8, 8, 8, 8, 8, 8]), { low: 0, high: 0 });
  });

  test('under five samples nothing is far out', () => {
    assert.deepEqual(countOutliers([1, 1, 1, 1000]), { low: 0, high: 0 });
    assert.deepEqual(countOutliers([]), { low: 0, high: 0 });
  });

  test('fewer than one normal cell in ten is warned about', () => {
    const random = seeded(1);
    for (const n of [6, 7, 10, 15, 30]) {
      const cells = Array.from({ length: 2000 }, () => countOutliers(draw(random, normal, n)));
      const flagged = cells.filter(({ low, high }) => low + high > 0).length;
      assert.ok(flagged < 200, `n = ${n}: ${flagged} of 2000`);
    }
  });
});
