import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PrecisionRule } from '../../harness/results/schema/plan.ts';
import type { Run } from '../../harness/results/run.ts';
import { moreTrials } from '../../harness/analysis/cells/more-trials.ts';
import { fakeRun, fakeServer, type Outcome } from './fixture.ts';

const RULE: PrecisionRule = { relative: 0.05, maxTrials: 10 };

/** Server `narrow` spreads by 1 %, `wide` by 40 %. */
function run(trialsPerCell: number, wide?: (repetition: number) => Outcome): Run {
  return fakeRun({
    servers: [fakeServer('narrow'), fakeServer('wide')],
    trialsPerCell,
    measure: ({ server, repetition }) => {
      if (server === 'wide' && wide) return wide(repetition);
      return { elapsedMs: 100 + (repetition % 3) * (server === 'wide' ? 20 : 0.5) };
    },
  });
}

function more(made: Run, rule: PrecisionRule | undefined = RULE) {
  return moreTrials({ ...made.plan, ...(rule ? { precision: rule } : {}) }, made.trials);
}

describe('more trials until an interval is narrow', () => {
  test('a cell whose interval is wide gets one more; one that is precise gets none', () => {
    const added = more(run(6));
    assert.deepEqual(
      added.map(({ server, repetition, index }) => ({ server, repetition, index })),
      [{ server: 'wide', repetition: 7, index: 12 }],
    );
  });

  test('without a rule in the plan there are none', () => {
    const made = run(6);
    assert.deepEqual(moreTrials(made.plan, made.trials), []);
  });

  test('too few trials for an interval count as wide', () => {
    assert.deepEqual(
      more(run(5))
        .map(({ server }) => server)
        .toSorted(),
      ['narrow', 'wide'],
    );
  });

  test('no cell gets more than its most', () => {
    assert.deepEqual(more(run(10)), []);
  });

  test('a cell that has never been measured would not become precise, and gets none', () => {
    assert.deepEqual(more(run(6, () => ({ failure: 'it crashed' }))), []);
  });

  test('the same results ask for the same trials', () => {
    assert.deepEqual(more(run(5)), more(run(5)));
  });
});
