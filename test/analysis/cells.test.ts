import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { Cell } from '../../harness/results/schema/summary.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type Outcome } from './fixture.ts';

/** A run of one cell (10 clients), its trials measured as listed. */
function cellOf(outcomes: readonly Outcome[]): Cell {
  const run = fakeRun({
    trialsPerCell: outcomes.length,
    measure: ({ repetition }) => outcomes[repetition - 1] ?? 'missing',
  });
  const [cell] = summarise(run).cells;
  assert.ok(cell);
  return cell;
}

const elapsed = (...values: readonly number[]): Outcome[] => values.map((elapsedMs) => ({ elapsedMs }));

describe('the figures of a cell', () => {
  test('six trials: median, extremes and the interval from minimum to maximum, at 1 − 2/2⁶', () => {
    assert.deepEqual(cellOf(elapsed(130, 110, 150, 120, 160, 140)).metrics['elapsed'], {
      n: 6,
      median: 135,
      min: 110,
      max: 160,
      interval: { low: 110, high: 160, level: 0.96875 },
      outliers: 0,
    });
  });

  test('five trials are too few for any interval at 95 %', () => {
    assert.equal(cellOf(elapsed(1, 2, 3, 4, 5)).metrics['elapsed']?.interval, null);
  });

  test('every metric is read by its definition: ten clients, ten exchanges each, 200 ms', () => {
    const { metrics } = cellOf([
      { elapsedMs: 200, cpuNs: 5e6, peakRssBytes: 41e6, holdPssBytes: 41e6, lost: 1, failed: 2 },
    ]);
    const medians = Object.fromEntries(Object.entries(metrics).map(([id, { median }]) => [id, median]));
    assert.deepEqual(medians, {
      elapsed: 200,
      overhead: 100,
      throughput: 500,
      lost: 0.1,
      failed: 0.2,
      'cpu-per-exchange': 50,
      'cpu-per-connection': 500,
      cpu: 5,
      'memory-per-connection': 1e5,
      'pss-peak': 41e6,
      'rss-peak': 41e6,
      threads: 1,
      processes: 1,
      'switches-per-exchange': 0,
      'generator-share': 0.1,
    });
  });

  test('a metric that is not resolved in any trial is absent, with the reason', () => {
    const grown = { elapsedMs: 100, holdPssBytes: 41e6 };
    const { metrics, absent } = cellOf([grown, { ...grown, holdPssBytes: 40e6 }, grown]);
    assert.equal(metrics['memory-per-connection'], undefined);
    assert.match(
      absent?.['memory-per-connection'] ?? '',
      /^in 1 of 3 trials 10 connections added less than a page/,
    );
    assert.equal(cellOf([grown]).absent, undefined);
  });

  test('CPU time that may be missing makes a lower bound of the figure', () => {
    const { metrics, absent } = cellOf([{ elapsedMs: 100, cpuNs: 1e8, cpuMissingNs: 5e7 }]);
    assert.equal(metrics['cpu-per-exchange'], undefined);
    assert.match(absent?.['cpu-per-exchange'] ?? '', /^at least 1000 µs: up to 50 ms/);
  });

  test('a metric that no trial carries is absent; one that some carry says how many', () => {
    assert.equal(cellOf(elapsed(100)).metrics['latency-p50'], undefined);
    const { metrics } = cellOf([{ elapsedMs: 100 }, { elapsedMs: 100, latencyMs: 3 }]);
    assert.equal(metrics['latency-p50']?.n, 1);
    assert.equal(metrics['latency-p50']?.median, 3);
    assert.equal(metrics['elapsed']?.n, 2);
  });

  test("a scenario's own metrics are read as they are defined", () => {
    const lostMessages = {
      id: 'messages-lost',
      title: 'lost messages',
      unit: 'ratio',
      direction: 'lower',
      description: 'Messages that did not arrive, of all exchanges.',
      source: { from: 'counter', name: 'missing', per: 'exchange' },
    } as const;
    const summary = summarise(
      fakeRun({
        scenarios: [fakeScenario({ metrics: [lostMessages] })],
        measure: () => ({ elapsedMs: 100, counters: { missing: 5 } }),
      }),
    );
    assert.equal(summary.cells[0]?.metrics['messages-lost']?.median, 0.05);
    assert.deepEqual(summary.metrics.at(-1), lostMessages);
  });

  test('failed and aborted trials are counted and change no figure', () => {
    const without = cellOf(elapsed(100, 110, 120));
    const withOthers = cellOf([...elapsed(100, 110, 120), 'aborted', { failure: 'it crashed' }]);
    assert.deepEqual(withOthers.metrics, without.metrics);
    assert.deepEqual(withOthers.trials, { planned: 5, completed: 3, failed: 1, aborted: 1, invalid: 0 });
  });

  test('a trial that is not valid is counted, and no figure is made of it', () => {
    const cell = cellOf([...elapsed(100, 110, 120), { elapsedMs: 9000, lost: 3, checks: [failedCheck()] }]);
    assert.deepEqual(cell.trials, { planned: 4, completed: 4, failed: 0, aborted: 0, invalid: 1 });
    assert.equal(cell.metrics['elapsed']?.max, 120);
    assert.equal(cell.invalidOnly, undefined);
    assert.deepEqual(cell.outcomes, { asked: 40, lost: 3, failed: 0 });
  });

  test('a cell without a valid trial shows the figures of the others, and is marked', () => {
    const cell = cellOf([{ elapsedMs: 9000, checks: [failedCheck()] }, { failure: 'it crashed' }]);
    assert.equal(cell.invalidOnly, true);
    assert.equal(cell.metrics['elapsed']?.median, 9000);
  });

  test('a cell without a completed trial has no figure at all', () => {
    const cell = cellOf([{ failure: 'it crashed' }]);
    assert.deepEqual(cell.metrics, {});
    assert.equal(cell.invalidOnly, undefined);
  });

  test('errors of connects and exchanges are summed by kind', () => {
    const cell = cellOf([
      { elapsedMs: 1, errors: { reset: 2, deadline: 1 } },
      { elapsedMs: 1, errors: { reset: 3, busy: 0 } },
    ]);
    assert.deepEqual(cell.errors, { deadline: 1, reset: 5 });
    assert.deepEqual(cell.attempts, { connects: 20, exchanges: 206 });
  });

  test('of each kind of error the first message is kept', () => {
    const first = (kind: 'reset' | 'closed', message: string) => ({ kind, message });
    const cell = cellOf([
      { elapsedMs: 1, firstErrors: [first('reset', 'a')] },
      { elapsedMs: 1, firstErrors: [first('reset', 'b'), first('closed', 'c')] },
    ]);
    assert.deepEqual(cell.firstErrors, [first('reset', 'a'), first('closed', 'c')]);
  });

  test('how many connections were held at once is that of the trials, and unknown without any', () => {
    const peaks = [10, 4, 9].map((peakEstablished): Outcome => ({ elapsedMs: 1, peakEstablished }));
    assert.deepEqual(cellOf(peaks).heldAtOnce, { min: 4, median: 9, max: 10 });
    assert.equal(cellOf([{ failure: 'it crashed' }]).heldAtOnce, null);
  });
});

describe('the cells of a run', () => {
  test('stand in the order of the plan, those without any trial included', () => {
    const { cells, totals } = summarise(
      fakeRun({
        servers: [fakeServer('z'), fakeServer('a')],
        clients: [1, 10],
        trialsPerCell: 2,
        measure: ({ server }) => (server === 'z' ? { elapsedMs: 1 } : 'missing'),
      }),
    );
    assert.deepEqual(
      cells.map(({ server, clients }) => [server, clients]),
      [
        ['z', 1],
        ['z', 10],
        ['a', 1],
        ['a', 10],
      ],
    );
    assert.deepEqual(totals, { planned: 8, completed: 4, failed: 0, aborted: 0, invalid: 0 });
  });

  test('trials that the precision rule added count as planned', () => {
    const run = fakeRun({ trialsPerCell: 6, measure: () => ({ elapsedMs: 1 }) });
    const [first] = run.trials;
    assert.ok(first);
    const added = { ...first, trial: { ...first.trial, index: 6, repetition: 7 } };
    const [cell] = summarise({ ...run, trials: [...run.trials, added] }).cells;
    assert.equal(cell?.trials.planned, 7);
    assert.equal(cell?.metrics['elapsed']?.n, 7);
  });

  test('a trial that the plan cannot have asked for is refused', () => {
    const run = fakeRun({ measure: () => ({ elapsedMs: 1 }) });
    assert.throws(() => summarise({ ...run, plan: { ...run.plan, servers: [] } }), UnfitError);
  });
});
