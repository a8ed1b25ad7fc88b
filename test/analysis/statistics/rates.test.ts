import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { binomialAtLeast, binomialAtMost } from '../../../harness/analysis/statistics/tests/binomial.ts';
import { clopperPearson } from '../../../harness/analysis/statistics/estimators/interval.ts';
import { holm } from '../../../harness/analysis/statistics/tests/holm.ts';

describe('binomial tails', () => {
  test('equal the sum of the terms', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: -1, max: 31 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, k, p) => {
          let choose = 1;
          let sum = 0;
          for (let i = 0; i <= Math.min(k, n); i++) {
            sum += choose * p ** i * (1 - p) ** (n - i);
            choose *= (n - i) / (i + 1);
          }
          assert.ok(Math.abs(binomialAtMost(k, n, p) - sum) < 1e-10);
          assert.ok(Math.abs(binomialAtLeast(k + 1, n, p) - (1 - sum)) < 1e-10);
        },
      ),
    );
  });

  test('keep their digits far out and for many tries', () => {
    assert.ok(Math.abs(binomialAtMost(0, 1000, 0.5) / 2 ** -1000 - 1) < 1e-9);
    assert.ok(Math.abs(binomialAtMost(50_000, 100_000, 0.5) - 0.50126) < 1e-4);
    assert.equal(binomialAtMost(99_999, 100_000, 1e-6), 1);
  });
});

describe('Clopper–Pearson interval', () => {
  test('of nothing seen and of everything seen', () => {
    const none = clopperPearson(0, 20);
    assert.equal(none.interval.low, 0);
    assert.ok(Math.abs(none.interval.high - (1 - 0.025 ** (1 / 20))) < 1e-12);
    const all = clopperPearson(20, 20);
    assert.equal(all.interval.high, 1);
    assert.ok(Math.abs(all.interval.low - 0.025 ** (1 / 20)) < 1e-12);
  });

  test('agrees with R’s binom.test', () => {
    const { interval } = clopperPearson(3, 40);
    assert.ok(Math.abs(interval.low - 0.0157) < 5e-5, `${interval.low}`);
    assert.ok(Math.abs(interval.high - 0.2039) < 5e-5, `${interval.high}`);
  });

  test('covers every probability at least as often as it says', () => {
    for (const n of [5, 20, 60]) {
      const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n).interval);
      for (let p = 0.005; p < 1; p += 0.005) {
        const coverage = intervals
          .map(({ low, high }, k) =>
            low <= p && p <= high ? binomialAtMost(k, n, p) - binomialAtMost(k - 1, n, p) : 0,
          )
          .reduce((sum, probability) => sum + probability, 0);
        assert.ok(coverage >= 0.95 - 1e-9, `n = ${n}, p = ${p}: ${coverage}`);
      }
    }
  });

  test('counts that cannot be are refused', () => {
    for (const [count, of] of [
      [1, 0],
      [-1, 5],
      [6, 5],
      [0.5, 5],
    ] as const) {
      assert.throws(() => clopperPearson(count, of), RangeError);
    }
  });
});

describe('Holm’s adjustment', () => {
  test('of a worked example', () => {
    // Holm's procedure on 0.01, 0.04, 0.03, 0.005: ×4, ×3, ×2, ×1 in order of size, never falling.
    assert.deepEqual(
      holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(10))),
      [0.03, 0.06, 0.06, 0.02],
    );
    assert.deepEqual(holm([]), []);
  });

  test('never helps, never exceeds Bonferroni, and keeps the order', () => {
    const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ps, (raw) => {
        const adjusted = holm(raw);
        for (const [i, p] of raw.entries()) {
          assert.ok(adjusted[i]! >= p && adjusted[i]! <= Math.min(1, p * raw.length) + 1e-15);
          for (const [j, q] of raw.entries()) if (p < q) assert.ok(adjusted[i]! <= adjusted[j]!);
        }
      }),
    );
  });
});
