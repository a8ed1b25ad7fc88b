import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from '../property.ts';
import { USUAL_RULE } from '../../harness/analysis/statistics/duet/duet-decision.ts';
import { readCheck } from '../../harness/lab/verdict/journal.ts';
import type { CheckHeader, CheckedDuet } from '../../harness/results/schema/verdict-check.ts';
import { checkCases, remainingCases, timeLeftMs } from '../../harness/lab/verdict/cases.ts';
import { findingsOf } from '../../harness/lab/verdict/findings.ts';
import { slowdownFor, TRIED_SLOWDOWN } from '../../harness/lab/verdict/known-duets.ts';
import { UnfitError, UsageError } from '../../harness/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const HEADER: CheckHeader = { schema: 1, kind: 'calibration', key: 'k', d: [0.2, 0.21] };

function duet(parts: Partial<CheckedDuet>): CheckedDuet {
  return {
    schema: 1,
    kind: 'duet',
    effect: 0,
    repetition: 1,
    verdict: 'no-change',
    gates: [
      {
        name: 'cpu',
        verdict: 'no-change',
        effect: 1,
        d: Array.from({ length: 12 }, (_, i) => 0.01 * (i % 5) - 0.02),
      },
    ],
    launches: 12,
    tookMs: 60_000,
    ...parts,
  };
}

let files = 0;
function journal(...lines: readonly unknown[]): string {
  const path = join(folder, `${files++}.jsonl`);
  writeFileSync(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return path;
}

describe('the cases of a check', () => {
  it('are every repetition once, spread so that a check that is stopped has all of them about equally often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 15 }), (same, repetitions) => {
        const cases = checkCases({ same, repetitions, effects: [0.05, 0.1] });
        assert.equal(
          new Set(cases.map(({ effect, repetition }) => `${effect}/${repetition}`)).size,
          same + 2 * repetitions,
        );
        const half = cases.slice(0, Math.floor(cases.length / 2));
        for (const [effect, count] of [
          [0, same],
          [0.05, repetitions],
          [0.1, repetitions],
        ] as const) {
          const made = half.filter((each) => each.effect === effect).length;
          assert.ok(Math.abs(made - count / 2) <= 1.5, `${made} of ${count}`);
        }
      }),
    );
  });
});

describe('what a check still has to do', () => {
  it('is every case that no duet has been made of, in their order', () => {
    const cases = checkCases({ same: 3, repetitions: 2, effects: [0.05] });
    const [first, second, ...rest] = cases;
    assert.deepEqual(remainingCases(cases, [second!, first!]), rest);
    assert.deepEqual(remainingCases(cases, cases), []);
    assert.deepEqual(remainingCases(cases, []), cases);
  });

  it('takes as long as the duets of the same effect did, and as all did where there is none yet', () => {
    const duets = [
      { effect: 0, tookMs: 50 },
      { effect: 0, tookMs: 70 },
      { effect: 0.03, tookMs: 120 },
    ];
    assert.equal(timeLeftMs([{ effect: 0 }, { effect: 0.03 }, { effect: 0.1 }], duets, 1000), 60 + 120 + 80);
    assert.equal(timeLeftMs([{ effect: 0 }, { effect: 0.1 }], [], 1000), 2000);
    assert.equal(timeLeftMs([], duets, 1000), 0);
  });
});

describe('the calibration of the slowdown', () => {
  it('asks for as many bytes as the effect wants, less what the call costs without any', () => {
    const d = [Math.log(1.2), Math.log(1.2), Math.log(1.2)];
    assert.equal(slowdownFor(d, 0.2), TRIED_SLOWDOWN);
    const half = slowdownFor(d, 0.1);
    assert.ok(half < TRIED_SLOWDOWN / 2 && half > TRIED_SLOWDOWN * 0.48, `${half} bytes`);
    assert.ok(Math.abs(slowdownFor(d, 0.15) - (half + TRIED_SLOWDOWN) / 2) <= 1);
  });

  it('is refused where the slowdown does not show', () => {
    assert.throws(() => slowdownFor([0, 0.01, -0.01], 0.05), UnfitError);
  });
});

describe('the journal of a check', () => {
  it('that is not there holds nothing', async () => {
    assert.deepEqual(await readCheck(join(folder, 'none.jsonl'), 'k'), { header: null, duets: [] });
  });

  it('is read back without a torn last line', async () => {
    const path = journal(HEADER, duet({}));
    appendFileSync(path, '{"schema":1,"kind":"du');
    const { header, duets } = await readCheck(path, 'k');
    assert.deepEqual([header, duets], [HEADER, [duet({})]]);
  });

  it('of other rules is refused', async () => {
    await assert.rejects(readCheck(journal(HEADER), 'other'), (error) => error instanceof UsageError);
  });

  it('that is damaged is an error with the line, never fewer duets', async () => {
    await assert.rejects(readCheck(journal(HEADER, '{broken', duet({})), 'k'), /line 2/);
    await assert.rejects(
      readCheck(journal(HEADER, { ...duet({}), verdict: 'fine' }), 'k'),
      /line 2 at verdict/,
    );
    await assert.rejects(readCheck(journal(duet({})), 'k'), /does not begin with a calibration/);
  });
});

describe('the findings of a check', () => {
  it('are rates with their intervals, over real duets and over simulated ones', () => {
    const gates = [{ name: 'cpu', delta: 0.03, margin: 0.05 }];
    const findings = findingsOf(
      [
        duet({}),
        duet({ repetition: 2 }),
        duet({ effect: 0.1, verdict: 'regression' }),
        duet({ effect: 0.1, repetition: 2, tookMs: 90_000 }),
      ],
      gates,
      USUAL_RULE,
    );
    assert.deepEqual(
      findings.map(({ effect, real }) => [effect, real.count, real.of]),
      [
        [0, 0, 2],
        [0.1, 1, 2],
      ],
    );
    assert.ok(findings[0]!.real.interval.high > 0.8, 'two duets say little');
    assert.deepEqual(findings[1]!.others, [{ verdict: 'no-change', count: 1 }]);
    assert.equal(findings[1]!.longestMs, 90_000);
    const { effect, interval } = findings[0]!.measured!;
    assert.ok(Math.abs(effect - 1) < 0.01 && interval.low < effect && effect < interval.high);
    assert.ok(findings[0]!.simulated!.rate <= 0.01 && findings[1]!.simulated!.rate >= 0.99);
  });
});
