import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { medianInterval } from '../../../harness/analysis/statistics/estimators/interval.ts';
import { bimodal, cauchy, draw, normal, seeded } from './samplers.ts';

describe('interval of the median', () => {
  test('no 95 % interval exists below six samples', () => {
    for (let n = 0; n < 6; n++) assert.equal(medianInterval(Array.from({ length: n }, (_, i) => i)), null);
  });

  test('levels and ranks are those of the published tables', () => {
    // Hahn & Meeker (1991), and by hand: 1 − 2·Σ C(n, i)/2ⁿ.
    const table = [
      [6, 1, 0.96875],
      [7, 1, 0.984375],
      [8, 1, 0.9921875],
      [9, 2, 0.9609375],
      [10, 2, 0.978515625],
      [15, 4, 0.96484375],
      [20, 6, 0.9586105346679688],
      [30, 10, 0.9572260547429323],
    ] as const;
    for (const [n, k, level] of table) {
      const interval = medianInterval(Array.from({ length: n }, (_, i) => i + 1))!;
      assert.equal(interval.low, k);
      assert.equal(interval.high, n + 1 - k);
      assert.ok(Math.abs(interval.level - level) < 1e-9, `n = ${n}: ${interval.level}`);
    }
  });

  test('the order of the samples does not matter and the interval holds the median', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 6, maxLength: 40 }), (samples) => {
        const interval = medianInterval(samples)!;
        assert.deepEqual(medianInterval(samples.toReversed()), interval);
        const sorted = samples.toSorted((a, b) => a - b);
        assert.ok(interval.low <= sorted[Math.floor((sorted.length - 1) / 2)]!);
        assert.ok(interval.high >= sorted[Math.ceil((sorted.length - 1) / 2)]!);
        assert.ok(interval.level >= 0.95);
      }),
    );
  });

  test('samples that are not finite are refused', () => {
    assert.throws(() => medianInterval([1, 2, 3, 4, 5, NaN]), RangeError);
  });

  const shapes = [
    { name: 'normal', sampler: normal, median: 0 },
    { name: 'heavy-tailed', sampler: cauchy, median: 0 },
    { name: 'bimodal', sampler: bimodal, median: 0.5 / 0.6 },
  ];
  for (const { name, sampler, median } of shapes) {
    for (const n of [6, 7, 15, 30]) {
      test(`covers the median of ${name} samples as often as it says, n = ${n}`, () => {
        const random = seeded(n);
        const repetitions = 10_000;
        let covered = 0;
        let level = 0;
        for (let i = 0; i < repetitions; i++) {
          const interval = medianInterval(draw(random, sampler, n))!;
          level = interval.level;
          if (interval.low <= median && median <= interval.high) covered++;
        }
        const coverage = covered / repetitions;
        const error = Math.sqrt((level * (1 - level)) / repetitions);
        assert.ok(coverage >= 0.94, `${coverage}`);
        assert.ok(Math.abs(coverage - level) <= 4 * error, `${coverage} against an exact ${level}`);
      });
    }
  }
});
