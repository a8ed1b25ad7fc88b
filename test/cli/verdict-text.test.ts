import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clopperPearson } from '../../harness/analysis/statistics/estimators/interval.ts';
import { describeFindings, drawDuet, duetLine } from '../../harness/cli/lab/verdict-text.ts';
import type { CheckedDuet } from '../../harness/results/schema/verdict-check.ts';
import type { DuetEvent } from '../../harness/duet/procedure.ts';
import { plan } from '../duet/fixture.ts';

const duet: CheckedDuet = {
  schema: 1,
  kind: 'duet',
  effect: 0.05,
  repetition: 1,
  verdict: 'regression',
  gates: [{ name: 'cpu', verdict: 'regression', effect: 1.048, d: [0.047] }],
  launches: 12,
  tookMs: 52_000,
};

describe('the progress of a check', () => {
  it('says of each duet what it found, and how much time is left', () => {
    assert.equal(
      duetLine(duet, { made: 3, of: 50, leftMs: 41 * 60_000 }),
      '3/50 +5 % CPU: regression after 12 launches, +4.8 % measured, 52 s; about 41 min left',
    );
    assert.match(duetLine(duet, { made: 49, of: 50, leftMs: 52_000 }), /less than a minute left$/);
    assert.match(duetLine(duet, { made: 50, of: 50, leftMs: 0 }), /; the last one$/);
  });

  it('draws the launch that is being made on a terminal, cut to its width, and nothing elsewhere', () => {
    const event: DuetEvent = { kind: 'launch-started', launch: plan().launches[0]!, attempt: 1 };
    const said = (live: boolean, columns: number): string => {
      let text = '';
      const io = { live, columns, err: (more: string) => void (text += more) };
      drawDuet(io, '+5 % CPU', { made: 0, of: 2, leftMs: 100_000 })(event);
      return text;
    };
    assert.match(said(true, 80), /\+5 % CPU, launch 1; about 2 min left$/);
    assert.equal(said(true, 10).split('\u001b[2K')[1]?.length, 9);
    assert.equal(said(false, 80), '');
  });
});

describe('the findings of a check', () => {
  it('stand in one line a case, with exact intervals, and how the others ended', () => {
    const text = describeFindings([
      {
        effect: 0,
        measured: { effect: 0.999, interval: { low: 0.99, high: 1.01, level: 0.95 } },
        real: clopperPearson(0, 20),
        others: [
          { verdict: 'no-change', count: 19 },
          { verdict: 'inconclusive', count: 1 },
        ],
        meanLaunches: 12.3,
        longestMs: 61_000,
        simulated: null,
      },
    ]);
    const [, line] = text.split('\n');
    assert.match(
      line!,
      /^nothing \(A\/A\)\s+−0\.1 % \(−1\.0 % to \+1\.0 %\)\s+0 of 20\s+0 % \(0 % to 16\.8 %\)/,
    );
    assert.match(line!, /too few A\/A launches\s+19 no-change, 1 inconclusive\s+12\.3\s+1 min 1 s$/);
  });

  it('of no duet say so', () => {
    assert.equal(describeFindings([]), 'No duet was completed.\n');
  });
});
