import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOutliers } from '../../../harness/analysis/statistics/estimators/quantile.ts';
import { draw, normal, seeded } from './samplers.ts';

describe('outliers', () => {
  test('samples far out are counted on both sides', () => {
    assert.equal(countOutliers([10, 11, 12, 13, 14, 15, 100]), 1);
    assert.equal(countOutliers([-80, 10, 11, 12, 13, 14, 15]), 1);
    assert.equal(countOutliers([10, 11, 12, 13, 14, 15, 16]), 0);
  });

  test('when most samples are equal, the one that differs is far out', () => {
    assert.equal(countOutliers([8, 8, 8, 8, 8, 9]), 1);
    assert.equal(countOutliers([8, 8, 8, 8, 8, 8]), 0);
  });

  test('under five samples nothing is far out', () => {
    assert.equal(countOutliers([1, 1, 1, 1000]), 0);
    assert.equal(countOutliers([]), 0);
  });

  test('fewer than one normal cell in ten is warned about', () => {
    const random = seeded(1);
    for (const n of [6, 7, 10, 15, 30]) {
      const cells = Array.from({ length: 2000 }, () => countOutliers(draw(random, normal, n)));
      const flagged = cells.filter((count) => count > 0).length;
      assert.ok(flagged < 200, `n = ${n}: ${flagged} of 2000`);
    }
  });
});
