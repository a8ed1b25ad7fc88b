import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeRun } from '../../harness/cli/lab/equal.ts';
import { truthText } from '../../harness/cli/lab/truth.ts';
import { KNOWN_TRUTHS } from '../../harness/lab/truth/cases.ts';
import { compared, type KnownFigure } from '../../harness/lab/truth/compare.ts';
import { toldBy } from '../../harness/lab/truth/equal.ts';
import { doneBy, knownCommand, type Done } from '../../harness/lab/truth/known-server.ts';
import type { Cell, Standing, Standings, Warning } from '../../harness/results/schema/summary.ts';
import fc from '../property.ts';

const NOTHING_DONE: Done = {
  accepted: 0,
  lost: 0,
  mostHeld: 0,
  exchanges: 0,
  corrupted: 0,
  failed: 0,
  cpuNs: 0,
  coldCpuNs: 0,
  touchedBytes: 0,
  stalledNs: 0,
  privateBytes: 0,
  delays: 0,
  delayMeanUs: 0,
  delayP50Us: 0,
  delayP90Us: 0,
  delayP99Us: 0,
};

const CELL: Cell = {
  server: 'known',
  scenario: 'echo',
  clients: 1,
  trials: { planned: 1, completed: 1, failed: 0, aborted: 0, invalid: 0 },
  outcomes: { asked: 1, lost: 0, failed: 0 },
  heldAtOnce: { min: 1, median: 1, max: 1 },
  attempts: { connects: 1, exchanges: 1 },
  errors: {},
  firstErrors: [],
  notValid: [],
  metrics: {},
  trialIndices: [0],
};

const BUSY: Warning = { code: 'foreign-load', message: 'Others used CPU.', advice: 'Stop them.' };

/** The answer to a figure that is shown so. */
function answerTo(
  shown: number | undefined,
  figure: Partial<KnownFigure>,
  warnings: readonly Warning[] = [],
) {
  const known: KnownFigure = { what: 'it', unit: 'count', shown: () => shown, truth: () => 100, ...figure };
  return compared(
    known,
    { cell: CELL, warnings },
    { done: NOTHING_DONE, asked: { clients: 1, exchanges: 1 } },
  );
}

describe('a figure beside its truth', () => {
  it('is true within 5 % or what the case allows, and false beyond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.2, noNaN: true }), fc.boolean(), (off, above) => {
        const shown = 100 * (1 + (above ? off : -off));
        const isNear = Math.abs(shown - 100) <= 5;
        assert.equal(answerTo(shown, {}).answer, isNear ? 'true' : 'false');
        assert.equal(answerTo(shown, { ratio: 0.2 + 1e-9 }).answer, 'true');
        assert.equal(answerTo(shown, { ratio: 0, within: 20 + 1e-9 }).answer, 'true');
      }),
    );
    assert.equal(answerTo(100.1, { ratio: 0 }).answer, 'false');
  });

  it('is false where it is not shown, or no number', () => {
    assert.equal(answerTo(undefined, {}).answer, 'false');
    assert.equal(answerTo(Number.NaN, {}).answer, 'false');
  });

  it('is not resolvable where the summary says why it shows none', () => {
    const { answer, reason } = answerTo(undefined, { absent: () => 'too few' });
    assert.deepEqual([answer, reason], ['not resolvable', 'too few']);
  });

  it('is not resolvable only where the run itself gives the reason, and never where it is true', () => {
    assert.equal(answerTo(200, {}, [BUSY]).answer, 'false');
    const excused = answerTo(200, { excusedBy: ['steal', 'foreign-load'] }, [BUSY]);
    assert.deepEqual([excused.answer, excused.reason], ['not resolvable', 'Others used CPU.']);
    const right = answerTo(101, { excusedBy: ['foreign-load'] }, [BUSY]);
    assert.deepEqual([right.answer, right.reason], ['true', null]);
  });
});

describe('equal servers', () => {
  const level = (clients: number, behind: readonly string[]): Standing => ({
    clients,
    best: ['two'],
    behind: [...behind],
    unplaced: ['one'],
    notCompared: [],
    resolution: { trials: 3, ratio: 1.12, more: null },
  });
  const standings = (metric: string, levels: readonly Standing[]): Standings => ({
    scenario: 'session',
    metric,
    levels: [...levels],
    overall: null,
    overtakings: [],
  });

  it('are told falsely wherever one is behind another, by whichever metric', () => {
    const right = { standings: [standings('elapsed', [level(1, []), level(500, [])])] };
    assert.deepEqual(toldBy(right, 'elapsed', 0), { falsely: [], found: false, tellsFrom: 1.12 });
    const wrong = {
      standings: [standings('elapsed', [level(500, ['six'])]), standings('cpu', [level(1, ['one'])])],
    };
    assert.deepEqual(toldBy(wrong, 'elapsed', 0).falsely, [
      'elapsed, 500 clients: six is behind two',
      'cpu, 1 clients: one is behind two',
    ]);
  });

  it('do not include the one that is slower, which is found by the headline only', () => {
    const run = {
      standings: [standings('elapsed', [level(500, ['six'])]), standings('cpu', [level(1, ['one', 'six'])])],
    };
    const told = toldBy(run, 'elapsed', 0.2);
    assert.deepEqual([told.found, told.falsely], [true, ['cpu, 1 clients: one is behind two']]);
    assert.equal(toldBy(run, 'cpu-per-exchange', 0.2).found, false);
    assert.match(
      describeRun(1, { falsely: [], found: false, tellsFrom: null }, 0),
      /no equal servers are told apart; but nothing could be compared$/,
    );
    assert.equal(
      describeRun(2, told, 0.2),
      'run 2: equal servers are told apart; the slower server is found; it can tell from 12 % on\n  cpu, 1 clients: one is behind two',
    );
  });
});

describe('the known truths', () => {
  it('have names of their own, which can name a server, and at least one figure each', () => {
    assert.equal(new Set(KNOWN_TRUTHS.map(({ name }) => name)).size, KNOWN_TRUTHS.length);
    for (const { name, figures } of KNOWN_TRUTHS) {
      assert.match(name, /^[a-z][a-z\d-]*$/);
      assert.ok(figures.length > 0, name);
    }
  });

  it('are told by the server itself: what it does not tell is an error', () => {
    assert.deepEqual(doneBy(NOTHING_DONE), NOTHING_DONE);
    assert.throws(() => doneBy({ ...NOTHING_DONE, cpuNs: undefined }), /did not say what it did \(cpuNs\)/);
    assert.throws(() => doneBy(undefined), /did not say/);
    assert.deepEqual(knownCommand({ 'cpu-us': 5 }).slice(1), ['--port', '{port}', '--cpu-us', '5']);
  });

  it('stand in a table with what was shown, and what is off comes with its reason', () => {
    const { what, unit, ...rest } = answerTo(120, { excusedBy: ['foreign-load'] }, [BUSY]);
    const text = truthText([
      {
        name: 'one',
        title: 'does one',
        figures: [answerTo(101, {}), { what, unit, ...rest }],
        failure: null,
      },
      { name: 'two', title: 'does two', figures: [answerTo(90, {})], failure: null },
      { name: 'three', title: 'does three', figures: [], failure: 'It did not start.' },
    ]);
    assert.match(text, /^one +it +101 +100 +1 % +ok$/m);
    assert.match(text, /^ +it +120 +100 +20 % +not resolvable$/m);
    assert.match(text, /^two +it +90 +100 +10 % +FALSE$/m);
    assert.match(text, /^one, it: Others used CPU\.$/m);
    assert.match(text, /^three: the server that does three was not measured\. It did not start\.$/m);
    assert.match(
      text,
      /1 of 3 figures are true, 1 not resolvable, 1 false; 1 of 3 truths could not be measured\./,
    );
  });
});
