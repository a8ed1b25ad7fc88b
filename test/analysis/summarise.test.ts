import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../property.ts';
import { summarise } from '../../harness/analysis/summarise.ts';
import { seededRandom } from '../../harness/plan/random.ts';
import type { Run } from '../../harness/results/run.ts';
import { anySetting, runOf } from './any-run.ts';
import { fakeRun, fakeServer } from './fixture.ts';

describe('a summary', () => {
  test('is the same whatever order the trials are held in', () => {
    fc.assert(
      fc.property(anySetting, fc.integer(), (setting, seed) => {
        const run = runOf(setting);
        const trials = seededRandom(seed).shuffled(run.trials);
        assert.deepEqual(summarise({ ...run, trials }), summarise(run));
      }),
      { numRuns: 40 },
    );
  });

  test('holds no figure that is not finite, and no word that is no figure, whatever was measured', () => {
    fc.assert(
      fc.property(anySetting, (setting) => {
        const run = runOf(setting);
        const summary = summarise(run);
        assert.deepEqual(
          JSON.parse(JSON.stringify(summary)),
          structuredClone(summary),
          'JSON keeps all of it',
        );
        const texts = [
          ...summary.verdict.map(({ text }) => text),
          ...summary.warnings.flatMap(({ message, advice }) => [message, advice]),
          ...summary.models.flatMap(({ deviations }) => deviations),
        ];
        for (const text of texts) assert.doesNotMatch(text, /NaN|undefined|Infinity|null|\[object/);
      }),
      { numRuns: 150 },
    );
  });

  test('lets every estimate lie between its extremes, and every trial count once', () => {
    fc.assert(
      fc.property(anySetting, (setting) => {
        const run = runOf(setting);
        const { cells, totals } = summarise(run);
        for (const { metrics } of cells) {
          for (const { min, median, max, interval, n } of Object.values(metrics)) {
            assert.ok(n > 0 && min <= median && median <= max);
            assert.equal(interval === null, n < 6);
            if (interval) assert.ok(min <= interval.low && interval.low <= median && median <= interval.high);
          }
        }
        assert.equal(totals.completed + totals.failed + totals.aborted, run.trials.length);
        assert.equal(totals.planned, run.plan.trials.length);
      }),
      { numRuns: 100 },
    );
  });

  test('changes nothing but a count by a trial that was aborted', () => {
    fc.assert(
      fc.property(anySetting, (setting) => {
        const run = runOf(setting);
        const withoutAborted = { ...run, trials: run.trials.filter(({ status }) => status !== 'aborted') };
        const estimates = (one: Run) =>
          summarise(one).cells.map(({ metrics, outcomes, errors }) => ({ metrics, outcomes, errors }));
        assert.deepEqual(estimates(run), estimates(withoutAborted));
        assert.deepEqual(summarise(run).verdict, summarise(withoutAborted).verdict);
      }),
      { numRuns: 40 },
    );
  });

  test('counts every one of a thousand trials', () => {
    const servers = Array.from({ length: 12 }, (_, i) =>
      fakeServer(`server-${i}`, { analytic: { kind: 'unbounded' } }),
    );
    const run = fakeRun({
      servers,
      clients: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      trialsPerCell: 10,
      measure: ({ clients, seed }) => ({ elapsedMs: 100 + clients * (1 + ((seed * 7919) % 101) / 1000) }),
    });
    assert.equal(summarise(run).totals.completed, 1080);
  });
});
