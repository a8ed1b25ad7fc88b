import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { estimate } from '../../harness/analysis/cells/cells.ts';
import { mergeHistograms } from '../../harness/load/accounts/merge.ts';
import { Series } from '../../harness/load/accounts/recorder.ts';
import { isLowerBound } from '../../harness/results/lower-bound.ts';
import { loadResult } from '../load/fixtures/load-result.ts';
import fc from '../property.ts';

const BOUND = 1_000_000;
const SHARES = { min: 0, p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999, max: 1 } as const;

void test('a statistic is a lower bound exactly where the value of its rank was given up', () => {
  const known = fc.array(fc.integer({ min: 0, max: BOUND - 2000 }), { maxLength: 60 });
  fc.assert(
    fc.property(known, fc.nat(60), (values, lost) => {
      fc.pre(values.length + lost > 0);
      using series = new Series();
      for (const value of values) series.record(value);
      for (let i = 0; i < lost; i++) series.recordAtLeast(BOUND);
      const wait = mergeHistograms([series.encode()]);
      const load = loadResult({ histograms: { wait } });
      // The truth: nobody knows how long those who left would have waited.
      const truth = [...values.toSorted((a, b) => a - b), ...Array.from({ length: lost }, () => Infinity)];
      for (const [statistic, share] of Object.entries(SHARES) as [keyof typeof SHARES, number][]) {
        const source = { from: 'histogram', name: 'wait', statistic } as const;
        const metric = {
          id: 'w',
          title: 'w',
          unit: 'ms',
          direction: 'lower',
          description: '',
          source,
        } as const;
        const rank = Math.max(1, Math.ceil(share * truth.length));
        assert.equal(isLowerBound(metric, { load }), truth[rank - 1] === Infinity, statistic);
        // Three significant digits are kept.
        if (truth[rank - 1] === Infinity) assert.ok(wait[statistic] >= 0.999 * BOUND, statistic);
      }
    }),
    { numRuns: 100 },
  );
});

void test('an estimate says which of its figures are lower bounds', () => {
  assert.equal(estimate([1, 2, 3])?.atLeast, undefined);
  assert.equal(estimate([1, 2, 9], [9])?.atLeast, 'high');
  assert.equal(estimate([1, 9, 9], [9, 9])?.atLeast, 'median');
  assert.equal(estimate([1, 9], [9])?.atLeast, 'median');
  // The interval of eleven values leaves the largest out.
  assert.equal(estimate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99], [99])?.atLeast, undefined);
});
