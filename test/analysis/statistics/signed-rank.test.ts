import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import {
  hodgesLehmann,
  oneSidedBounds,
  walshAverages,
} from '../../../harness/analysis/statistics/estimators/hodges-lehmann.ts';
import { signedRankTest } from '../../../harness/analysis/statistics/tests/signed-rank.ts';
import { cauchy, draw, normal, seeded } from './samplers.ts';

/** Small integers, so that ties, opposite pairs and zeros are frequent. */
const tied = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });
const untied = fc.uniqueArray(fc.double({ min: -10, max: 10, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
  selector: Math.abs,
});

describe('signed-rank test', () => {
  for (const [name, samples] of [
    ['with ties and zeros', tied],
    ['without ties', untied],
  ] as const) {
    test(`p-values equal the full enumeration of all signs, ${name}`, () => {
      fc.assert(
        fc.property(samples, (differences) => {
          const found = signedRankTest(differences);
          const expected = enumerated(differences);
          assert.ok(Math.abs(found.statistic - expected.statistic) < 1e-9);
          assert.ok(Math.abs(found.pGreater - expected.pGreater) < 1e-12);
          assert.ok(Math.abs(found.pLess - expected.pLess) < 1e-12);
          assert.ok(
            Math.abs(found.pTwoSided - Math.min(1, 2 * Math.min(expected.pGreater, expected.pLess))) < 1e-12,
          );
        }),
        { numRuns: 60 },
      );
    });
  }

  test('twelve differences all positive: p = 2⁻¹²', () => {
    const differences = Array.from({ length: 12 }, (_, i) => i + 1);
    assert.equal(signedRankTest(differences).pGreater, 2 ** -12);
    assert.equal(signedRankTest(differences).pLess, 1);
  });

  test('agrees with the published table at n = 60', () => {
    // Critical value of the smaller rank sum at one-sided 0.05, n = 60: 690 (F. Wilcoxon, S. K. Katti & R. A. Wilcox).
    const atMost = (statistic: number) => {
      let left = statistic;
      const differences = Array.from({ length: 60 }, (_, i) => 60 - i).map((rank) => {
        if (rank > left) return -rank;
        left -= rank;
        return rank;
      });
      return signedRankTest(differences).pLess;
    };
    assert.ok(atMost(690) <= 0.05);
    assert.ok(atMost(691) > 0.05);
  });

  test('a difference of zero is no evidence: it does not make p smaller', () => {
    fc.assert(
      fc.property(tied, (differences) => {
        const before = signedRankTest(differences).pTwoSided;
        if (differences.every((d) => d >= 0)) {
          assert.ok(signedRankTest([...differences, 0]).pTwoSided >= before - 1e-12);
        }
      }),
    );
  });

  test('no differences, or none but zeros, tell nothing', () => {
    assert.equal(signedRankTest([]).pTwoSided, 1);
    assert.equal(signedRankTest([0, 0, 0]).pGreater, 1);
    assert.throws(() => signedRankTest([1, NaN]), RangeError);
  });

  test('turning all signs turns the sides', () => {
    fc.assert(
      fc.property(tied, (differences) => {
        const one = signedRankTest(differences);
        const other = signedRankTest(differences.map((d) => -d));
        assert.ok(Math.abs(one.pGreater - other.pLess) < 1e-12);
      }),
    );
  });
});

describe('Hodges–Lehmann estimate', () => {
  test('is the median of the means of all pairs', () => {
    // Averages of 1, 2, 9: 1, 1.5, 2, 5, 5.5, 9.
    assert.equal(hodgesLehmann([9, 1, 2]).estimate, 3.5);
  });

  test('its interval is exactly the set of centres that full enumeration does not reject', () => {
    const samples = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 9 });
    fc.assert(
      fc.property(samples, (integers) => {
        // Distinct sums of pairs, so that no centre has ties.
        const values = integers.map((value, i) => value + Math.SQRT2 * 10 ** -3 * 2 ** i);
        const { interval } = hodgesLehmann(values);
        assert.ok(interval);
        const averages = [...walshAverages(values).sorted];
        for (let i = 0; i + 1 < averages.length; i++) {
          const centre = (averages[i]! + averages[i + 1]!) / 2;
          if (averages[i + 1]! - averages[i]! < 1e-9) continue;
          const { pGreater, pLess } = enumerated(values.map((value) => value - centre));
          const rejected = 2 * Math.min(pGreater, pLess) <= 0.05;
          assert.equal(centre < interval.low || centre > interval.high, rejected, `${centre}`);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('the level of the interval is that of the enumeration, n = 6 to 12', () => {
    for (let n = 6; n <= 12; n++) {
      const ranks = Array.from({ length: n }, (_, i) => i + 1);
      const sums = signSums(ranks).toSorted((a, b) => a - b);
      const interval = hodgesLehmann(ranks).interval!;
      let k = 0;
      while (sums.filter((sum) => sum <= k).length / sums.length <= 0.025) k++;
      const level = 1 - (2 * sums.filter((sum) => sum <= k - 1).length) / sums.length;
      assert.ok(Math.abs(interval.level - level) < 1e-12, `n = ${n}`);
      assert.equal(interval.low, walshAverages(ranks).sorted[k - 1]);
    }
  });

  test('no interval below six samples at 95 %, and none at all from nothing', () => {
    assert.equal(hodgesLehmann([1, 2, 3, 4, 5]).interval, null);
    assert.ok(hodgesLehmann([1, 2, 3, 4, 5, 6]).interval);
    assert.throws(() => hodgesLehmann([]), RangeError);
  });

  test('moves with the samples and turns with their sign', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 6, maxLength: 20 }), (values) => {
        const { estimate, interval } = hodgesLehmann(values);
        const moved = hodgesLehmann(values.map((value) => 10 - value));
        assert.equal(moved.estimate, 10 - estimate);
        assert.equal(moved.interval!.low, 10 - interval!.high);
      }),
    );
  });

  test('a bound alone covers at least as often as it says', () => {
    const random = seeded(11);
    for (const sampler of [normal, cauchy]) {
      let covered = 0;
      let level = 0;
      for (let i = 0; i < 4000; i++) {
        const bounds = oneSidedBounds(walshAverages(draw(random, sampler, 12)), 0.95)!;
        level = bounds.level;
        if (bounds.high >= 0) covered++;
      }
      assert.ok(Math.abs(covered / 4000 - level) < 4 * Math.sqrt((level * (1 - level)) / 4000));
    }
  });
});

/** T⁺ and its tails by brute force: all 2ᵏ signs of the k differences that are not zero. */
function enumerated(differences: readonly number[]) {
  const size = differences.map(Math.abs);
  const ranks = size.map(
    (value) =>
      size.filter((other) => other < value).length + (size.filter((other) => other === value).length + 1) / 2,
  );
  const statistic = ranks.reduce((sum, rank, i) => (differences[i]! > 0 ? sum + rank : sum), 0);
  const sums = signSums(ranks.filter((_, i) => differences[i] !== 0));
  return {
    statistic,
    pGreater: sums.filter((sum) => sum >= statistic).length / sums.length,
    pLess: sums.filter((sum) => sum <= statistic).length / sums.length,
  };
}

function signSums(ranks: readonly number[]): number[] {
  return Array.from({ length: 2 ** ranks.length }, (_, signs) =>
    ranks.reduce((sum, rank, i) => (signs & (1 << i) ? sum + rank : sum), 0),
  );
}
