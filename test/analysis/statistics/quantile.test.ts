import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import {
  standardDeviation,
  median,
  quantile,
} from '../../../harness/analysis/statistics/estimators/quantile.ts';

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });

describe('quantiles', () => {
  test('are those of R’s default: linear between the two nearest samples', () => {
    // R 4.2: quantile(c(1, 2, 4, 8, 16), c(0.1, 0.25, 0.5, 0.9))
    assert.equal(quantile([16, 1, 8, 2, 4], 0.1), 1.4);
    assert.equal(quantile([16, 1, 8, 2, 4], 0.25), 2);
    assert.equal(quantile([16, 1, 8, 2, 4], 0.5), 4);
    assert.ok(Math.abs(quantile([16, 1, 8, 2, 4], 0.9) - 12.8) < 1e-12);
  });

  test('go from the minimum to the maximum and never back', () => {
    fc.assert(
      fc.property(
        samples,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p, q) => {
          assert.equal(quantile(values, 0), Math.min(...values));
          assert.equal(quantile(values, 1), Math.max(...values));
          assert.ok(quantile(values, Math.min(p, q)) <= quantile(values, Math.max(p, q)));
        },
      ),
    );
  });

  test('of nothing, of what is not a number and outside 0 to 1 are refused', () => {
    assert.throws(() => median([]), RangeError);
    assert.throws(() => median([1, NaN]), RangeError);
    assert.throws(() => median([1, Infinity]), RangeError);
    assert.throws(() => quantile([1, 2], 1.01), RangeError);
    assert.throws(() => quantile([1, 2], NaN), RangeError);
  });

  test('the samples are left as they were', () => {
    const values = [3, 1, 2];
    median(values);
    assert.deepEqual(values, [3, 1, 2]);
  });
});

describe('the standard deviation', () => {
  test('of a small set by hand', () => {
    assert.equal(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7));
  });

  test('of a single sample is none', () => {
    assert.equal(standardDeviation([3]), null);
    assert.throws(() => standardDeviation([]), RangeError);
  });

  test('of 1 on top of a nanosecond clock is not lost', () => {
    const start = 1_700_000_000_000_000;
    assert.equal(standardDeviation([start, start + 1, start + 2]), 1);
  });

  test('is not negative', () => {
    fc.assert(fc.property(samples, (values) => assert.ok((standardDeviation(values) ?? 0) >= 0)));
  });
});
