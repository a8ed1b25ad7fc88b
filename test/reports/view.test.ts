import * as hdr from 'hdr-histogram-js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../property.ts';
import type { Cell } from '../../harness/results/schema/summary.ts';
import type { Estimate } from '../../harness/results/schema/leaves.ts';
import type { MetricDefinition } from '../../harness/results/schema/plan.ts';
import { buildView } from '../../reports/view/build.ts';
import { insideOf, interpolate, mergedTail } from '../../reports/view/details.ts';
import { formatEstimate } from '../../harness/analysis/text/format.ts';
import { ERRORS, HELD, metricCells, TRIALS } from '../../reports/view/columns.ts';
import { markOf, pointOf, whyMissing } from '../../reports/view/estimate.ts';
import { shellLine } from '../../reports/view/words.ts';
import { fixture } from './fixture.ts';

const elapsed: MetricDefinition = {
  id: 'elapsed',
  title: 'elapsed',
  unit: 'ms',
  direction: 'lower',
  description: '',
  source: { from: 'trial' },
};
const one: Estimate = { n: 1, median: 2034, min: 2034, max: 2034, interval: null, outliers: 0 };
const three: Estimate = { n: 3, median: 2034, min: 2010, max: 2100, interval: null, outliers: 0 };
const seven: Estimate = { ...three, n: 7, interval: { low: 2010, high: 2100, level: 0.984 } };

test('an estimate shows how sure it is: nothing for one trial, a range in brackets for few, an interval in parentheses for enough', () => {
  const cellOf = (estimate: Estimate) =>
    metricCells(cellWith({ metrics: { elapsed: estimate } }), [elapsed])[0];
  assert.deepEqual(cellOf(one), { text: '2.03 s', value: 2034 });
  assert.deepEqual(cellOf(three), { text: '2.03 s', value: 2034, note: '[2.01 to 2.1 s]' });
  assert.deepEqual(cellOf(seven), { text: '2.03 s', value: 2034, note: '(2.01 to 2.1 s)' });
  assert.equal(formatEstimate(three, 'ms'), '2.03 s [2.01 to 2.1 s]', 'as in a sentence');
});

test('what spoils a figure stands beside it: errors with kind, count, share and first words; not valid with its reason', () => {
  const failing = cellWith({
    attempts: { connects: 300, exchanges: 9_700 },
    errors: { '5xx': 97, patience: 4, refused: 3 },
    firstErrors: [{ kind: '5xx', message: '503 Service Unavailable' }],
  });
  assert.deepEqual(ERRORS.of(failing), {
    text: '100 (1 %)',
    value: 100,
    note: '5xx 97: 503 Service Unavailable; refused 3',
    tone: 'bad',
  });
  assert.equal(markOf(failing), 1);
  assert.equal(
    ERRORS.of(cellWith({ errors: { patience: 4 } })).text,
    '0',
    'lost clients have a column of their own',
  );
  const notValid = cellWith({
    trials: { planned: 3, completed: 3, failed: 0, aborted: 0, invalid: 3 },
    notValid: [{ check: 'generator-late', trials: 3, message: 'It was late.' }],
    invalidOnly: true,
  });
  assert.equal(metricCells(notValid, [elapsed])[0]?.text, '2.03 s, not valid');
  assert.deepEqual(TRIALS.of(notValid), { text: '3 of 3, 3 not valid', value: 3, note: 'generator late' });
  const held = cellWith({ heldAtOnce: { min: 90, median: 97, max: 100 } });
  assert.deepEqual(HELD.of(held), { text: '97', value: 97, note: '[90 to 100]' });
});

function cellWith(part: Partial<Cell>): Cell {
  return {
    server: 'c-epoll',
    scenario: 'hold',
    clients: 100,
    trials: { planned: 3, completed: 3, failed: 0, aborted: 0, invalid: 0 },
    outcomes: { asked: 300, lost: 0, failed: 0 },
    heldAtOnce: { min: 100, median: 100, max: 100 },
    attempts: { connects: 300, exchanges: 3000 },
    errors: {},
    firstErrors: [],
    notValid: [],
    metrics: { elapsed: three },
    trialIndices: [],
    ...part,
  };
}

test('a missing figure has its reason', () => {
  const trials = { planned: 3, completed: 0, failed: 0, aborted: 0, invalid: 0 };
  assert.equal(whyMissing(undefined, elapsed), 'not planned');
  assert.equal(
    whyMissing(cellWith({ trials: { ...trials, failed: 3 } }), elapsed),
    'all 3 trials that ran failed',
  );
  assert.equal(whyMissing(cellWith({ trials: { ...trials, aborted: 1 } }), elapsed), 'the run was stopped');
  assert.equal(whyMissing(cellWith({ trials }), elapsed), 'not run yet');
  assert.equal(whyMissing(cellWith({ metrics: {}, absent: { elapsed: 'too small' } }), elapsed), 'too small');
  assert.equal(whyMissing(cellWith({ metrics: {} }), { ...elapsed, id: 'latency-p99' }), 'too few exchanges');
});

test('a cell that lost clients is a cross, one with an invalid trial hollow, one whose trials failed a cross without a figure', () => {
  assert.equal(markOf(cellWith({})), 0);
  assert.equal(markOf(cellWith({ outcomes: { asked: 300, lost: 1, failed: 0 } })), 1);
  assert.equal(
    markOf(cellWith({ trials: { planned: 3, completed: 3, failed: 0, aborted: 0, invalid: 1 } })),
    2,
  );
  const failed = cellWith({
    metrics: {},
    trials: { planned: 3, completed: 0, failed: 3, aborted: 0, invalid: 0 },
  });
  assert.deepEqual(pointOf(failed, 'elapsed'), [100, null, null, null, 1]);
  assert.equal(pointOf(cellWith({ metrics: {} }), 'elapsed'), undefined);
});

test('the tail of a cell is that of all its exchanges together, whatever ranges its histograms were made for', () => {
  const { run } = fixture({ servers: 1, levels: [1], trials: 1 });
  const [trial] = run.trials;
  assert.equal(trial?.status, 'completed');
  const values = fc.array(fc.integer({ min: 1, max: 5_000_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (groups) => {
      const trials = groups.map((group) => {
        const h = hdr.build({
          bitBucketSize: 64,
          numberOfSignificantValueDigits: 3,
          highestTrackableValue: Math.max(...group) * 2,
        });
        for (const value of group) h.recordValue(value);
        const encoded = hdr.encodeIntoCompressedBase64(h);
        return {
          ...trial,
          load: { ...trial.load, histograms: { latency: { ...trial.load.histograms['latency'], encoded } } },
        };
      });
      const { count, tail } = mergedTail(trials as (typeof trial)[], 60);
      const all = groups.flat().sort((a, b) => a - b);
      assert.equal(count, all.length);
      assert.deepEqual(
        tail,
        tail.toSorted((a, b) => a - b),
      );
      const last = all.at(-1) ?? 0;
      assert.ok(Math.abs((tail.at(-1) ?? 0) / last - 1) < 0.01, `${tail.at(-1)} for ${last}`);
    }),
    { numRuns: 50 },
  );
});

test('a damaged histogram costs its curve and nothing else', () => {
  const { run } = fixture({ servers: 1, levels: [1], trials: 1 });
  const [trial] = run.trials;
  assert.equal(trial?.status, 'completed');
  const latency = trial.load.histograms['latency'];
  assert.ok(latency);
  const damaged = {
    ...trial,
    load: { ...trial.load, histograms: { latency: { ...latency, encoded: 'HISTFAAAAB' } } },
  };
  assert.deepEqual(mergedTail([damaged], 60), { count: 0, tail: [] });
  assert.ok(insideOf(damaged, 10));
});

test('stolen time stands where it was taken, and nowhere when it was not sampled', () => {
  const { run } = fixture({ servers: 1, levels: [1], trials: 1 });
  const [trial] = run.trials;
  assert.equal(trial?.status, 'completed');
  const end = trial.load.elapsedMs;
  const atMs = [0, end / 2, end / 2 + 1, end];
  const series = (stealMs: readonly (number | null)[]) => ({ ...trial.series, atMs, stealMs });
  const stolen = insideOf({ ...trial, series: series([0, 0, 10, null]) }, 2)?.stolen;
  assert.deepEqual(stolen, [null, 0, null]);
  const late = insideOf({ ...trial, series: series([0, 0, null, end / 2]) }, 2)?.stolen;
  assert.deepEqual(late, [null, 0, 1]);
  assert.deepEqual(insideOf({ ...trial, series: series([5, 5, 5, 5]) }, 2)?.stolen, []);
  const { stealMs: _, ...unsampled } = series([]);
  assert.deepEqual(insideOf({ ...trial, series: unsampled }, 2)?.stolen, []);
});

test('samples are joined by straight lines and never made up beyond their ends', () => {
  assert.equal(interpolate([0, 10, 20], [0, 100, 0], 5), 50);
  assert.equal(interpolate([0, 10, 20], [0, 100, 0], 20), 0);
  assert.equal(interpolate([5, 10], [1, 2], 4), null);
  assert.equal(interpolate([], [], 4), null);
});

test('standings put servers that served everybody first, then the headline, then what was not measured', () => {
  const { run, summary } = fixture();
  const [standings] = buildView(run, summary).standings;
  const names = standings?.table.rows.map((row) => row.cells[0]?.text);
  assert.deepEqual(names, [
    'c-epoll',
    'ts-loop',
    'c-prethread-queue',
    'ts-prefork-accept',
    'ts-iterative',
    'ts-fork',
  ]);
  assert.deepEqual(standings?.table.rows.at(-1)?.cells[1], {
    text: '–',
    note: 'all 3 trials that ran failed',
  });
});

test('failures of one cell that say the same stand together', () => {
  const { run, summary } = fixture();
  const { failures } = buildView(run, summary);
  assert.equal(failures.length, 1);
  assert.match(failures[0]?.trial ?? '', /^ts-fork, hold, 500 clients: trials \d+, \d+, \d+$/);
  assert.match(failures[0]?.detail ?? '', /spawn EAGAIN/);
});

test('every chart of a sweep spans the same clients and shows each figure of the summary', () => {
  const { run, summary } = fixture({ servers: 3, levels: [1, 10, 500], trials: 3 });
  const view = buildView(run, summary);
  for (const chart of view.charts.filter(({ section }) => section !== 'order')) {
    assert.deepEqual(chart.spec.x.ticks, [1, 10, 500]);
  }
  const spec = view.charts.find(({ id }) => id === 'elapsed')?.spec;
  for (const cell of summary.cells) {
    const server = run.plan.servers.findIndex(({ name }) => name === cell.server);
    const point = spec?.series
      .find((series) => series.server === server)
      ?.points.find(([x]) => x === cell.clients);
    const median = cell.metrics['elapsed']?.median ?? Number.NaN;
    assert.ok(Math.abs((point?.[1] ?? Number.NaN) / median - 1) < 1e-3);
  }
});

test('facts of the environment are told in words and units', () => {
  const { run, summary } = fixture({ servers: 1, levels: [1], trials: 1 });
  const facts = buildView(run, summary).environment.flatMap((group) => group.facts);
  const value = (name: string): string | undefined => facts.find((fact) => fact.name === name)?.value;
  assert.equal(value('CPU model'), 'Example CPU @ 3.00GHz');
  assert.equal(value('memory total'), '24 GB');
  assert.equal(value('uptime'), '24 h');
});

test('the command to measure again can be pasted into a shell', () => {
  assert.equal(shellLine(['holdfast', 'bench', '--clients', '1..500']), 'holdfast bench --clients 1..500');
  assert.equal(shellLine(['a b', "it's", '$(x)']), `'a b' 'it'\\''s' '$(x)'`);
});

test('the report says which servers were left out and why, and how much longer than asked clients paused', () => {
  const { run, summary } = fixture({ servers: 2, trials: 1 });
  const [first, ...others] = run.trials;
  assert.ok(first?.status === 'completed');
  const pauses = { count: 4, askedMs: 200, sleptMs: 201, lastLateMs: 1 };
  const paused = { ...first, load: { ...first.load, pauses } };
  const leftOut = [{ server: 'ts-iterative', why: 'cannot run the service "chat"' }];
  const told = { ...run, plan: { ...run.plan, leftOut }, trials: [paused, ...others] };
  const text = buildView(told, summary).method.join('\n');
  assert.match(text, /^ts-iterative was left out: it cannot run the service "chat"\.$/m);
  assert.match(text, /was to last 50 ms and lasted 50\.3 ms \(means of 4 pauses\): 250 µs more/);
});
