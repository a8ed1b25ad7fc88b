import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../property.ts';
import { compareRuns } from '../../harness/analysis/comparison/compare.ts';
import type { AdvisoryEffect, Comparison } from '../../harness/results/schema/comparison.ts';
import { UnfitError } from '../../harness/errors.ts';
import type { Run } from '../../harness/results/run.ts';
import { anySetting, runOf as anyRunOf } from './any-run.ts';
import { failedCheck, fakeRun, fakeScenario, fakeServer, type RunOptions } from './fixture.ts';

/** Twelve trials of one cell; CPU and elapsed time by factors, a little off from trial to trial. */
function runOf(factors: { cpu?: number; elapsed?: number } = {}, options: Partial<RunOptions> = {}): Run {
  const { cpu = 1, elapsed = 1 } = factors;
  return fakeRun({
    trialsPerCell: 12,
    measure: ({ repetition }) => {
      const noise = 1 + (((repetition * 7) % 12) - 6) / 1000;
      return { elapsedMs: 1000 * elapsed * noise, cpuNs: 1e6 * cpu * noise, latencyMs: 2 * noise };
    },
    ...options,
  });
}

const compared = (base: Run, head: Run): Comparison => compareRuns(base, head, { force: false });

function effect(comparison: Comparison, metric: string): AdvisoryEffect {
  const found = comparison.effects.find((one) => one.metric === metric);
  assert.ok(found?.kind === 'advisory', `no effect of ${metric}`);
  return found;
}

describe('two runs compared', () => {
  test('a run against itself shows nothing', () => {
    const comparison = compared(runOf(), runOf());
    assert.deepEqual(
      new Set(comparison.effects.map((one) => one.kind === 'advisory' && one.shift)),
      new Set(['not-told']),
    );
    assert.deepEqual(comparison.notCompared, []);
  });

  test('five per cent more CPU is worse, by that ratio, with its interval; other metrics are left alone', () => {
    const comparison = compared(runOf(), runOf({ cpu: 1.05 }));
    const { size, reason, shift, base, head } = effect(comparison, 'cpu-per-exchange');
    assert.equal(shift, 'worse');
    assert.deepEqual([base.n, head.n], [12, 12]);
    assert.equal(size.scale, 'ratio');
    assert.ok(
      size.interval && size.interval.low < 1.05 && 1.05 < size.interval.high && size.interval.low > 1.04,
    );
    assert.match(
      reason,
      /^CPU per exchange \(cold\) \+5 % \(\+4\.\d+ % to \+5\.\d+ %\): worse, p < 0\.0001 among 5 comparisons\.$/,
    );
    assert.equal(effect(comparison, 'throughput').shift, 'not-told');
  });

  test('more throughput is better, as more elapsed time is worse', () => {
    const comparison = compared(runOf(), runOf({ elapsed: 0.9 }));
    assert.equal(effect(comparison, 'throughput').shift, 'better');
    assert.equal(effect(comparison, 'elapsed').shift, 'better');
    assert.equal(effect(compared(runOf({ elapsed: 0.9 }), runOf()), 'throughput').shift, 'worse');
  });

  test('it says first that it is advisory and no verdict', () => {
    const { kind, remarks, effects } = compared(runOf(), runOf({ cpu: 2 }));
    assert.equal(kind, 'runs');
    assert.match(remarks[0] ?? '', /advisory.*not a verdict/);
    assert.ok(effects.every((one) => one.kind === 'advisory'));
  });

  test('p-values are adjusted for everything that was compared', () => {
    const levels = { clients: [1, 2, 5, 10, 20, 50, 100] };
    const comparison = compared(runOf({}, levels), runOf({ cpu: 1.05 }, levels));
    assert.equal(comparison.effects.length, 35);
    for (const one of comparison.effects) {
      assert.ok(one.kind === 'advisory' && one.adjustedP >= one.p && one.adjustedP <= 1);
    }
  });

  test('with three trials a side nothing can be told, and the reason says so', () => {
    const few = { trialsPerCell: 3 };
    const cpu = effect(compared(runOf({}, few), runOf({ cpu: 2 }, few)), 'cpu-per-exchange');
    assert.equal(cpu.shift, 'not-told');
    assert.equal(cpu.size.interval, null);
    assert.match(
      cpu.reason,
      /3 against 3 trials cannot show a difference among 5 comparisons \(p = 0\.1 at best/,
    );
  });

  test('runs of different environments are refused, naming what differs', () => {
    const other = runOf({}, { identity: { cpuModel: 'Other' } });
    assert.throws(
      () => compared(runOf(), other),
      (error) => error instanceof UnfitError && /cpuModel: "Example.*" against "Other"/.test(error.message),
    );
    const forced = compareRuns(runOf(), other, { force: true });
    assert.equal(forced.forced, true);
    assert.match(forced.environmentDifferences.join(), /^cpuModel: "Example[^,]*" against "Other"$/);
    assert.ok(forced.remarks.some((remark) => remark.startsWith('Forced:')));
  });

  test('runs whose generators differed are refused as well', () => {
    const node = runOf({}, { measure: () => ({ elapsedMs: 1, sockets: 'node' }) });
    assert.throws(() => compared(runOf(), node), /sockets of the generators: "native" against "node"/);
  });

  test('force is not claimed where nothing had to be forced', () => {
    assert.equal(compareRuns(runOf(), runOf(), { force: true }).forced, false);
  });

  test('a scenario with other parameters is not compared, and named with what differs', () => {
    const think = (ms: number) => runOf({}, { scenarios: [fakeScenario({ parameters: { think: ms } })] });
    const { effects, notCompared } = compared(think(5), think(8));
    assert.deepEqual(effects, []);
    assert.deepEqual(notCompared, [{ scenario: 'session', why: 'its parameters differ: think 5 against 8' }]);
  });

  test('what only one run has, or has no valid trial of, is named', () => {
    const base = runOf({}, { servers: [fakeServer('a'), fakeServer('b')] });
    const head = runOf(
      {},
      {
        servers: [fakeServer('b'), fakeServer('c')],
        measure: () => ({ elapsedMs: 1, checks: [failedCheck()] }),
      },
    );
    const cell = { scenario: 'session', clients: 10 };
    assert.deepEqual(compared(base, head).notCompared, [
      { ...cell, server: 'a', why: 'only the base has this cell' },
      { ...cell, server: 'c', why: 'only the head has this cell' },
      { ...cell, server: 'b', why: 'no valid trial in the head' },
    ]);
  });

  test('a figure that can be zero is compared by its difference', () => {
    const lost = (count: number) =>
      runOf(
        {},
        {
          scenarios: [fakeScenario({ headline: 'lost' })],
          measure: ({ repetition }) => ({ elapsedMs: 100, lost: repetition % 2 === 0 ? count : 0 }),
        },
      );
    const { size } = effect(compared(lost(0), lost(4)), 'lost');
    assert.equal(size.scale, 'difference');
    assert.equal(Number.isFinite(size.value), true);
  });

  test('whatever was measured: a run differs from itself in nothing, and no figure is no number', () => {
    fc.assert(
      fc.property(anySetting, anySetting, (setting, other) => {
        const run = anyRunOf(setting);
        for (const { kind, ...one } of compared(run, run).effects) {
          assert.ok(kind === 'advisory' && 'shift' in one && one.shift === 'not-told' && one.p === 1);
        }
        const comparison = compared(run, anyRunOf(other));
        assert.deepEqual(JSON.parse(JSON.stringify(comparison)), structuredClone(comparison));
        for (const { reason } of comparison.effects)
          assert.doesNotMatch(reason, /NaN|undefined|Infinity|null/);
      }),
      { numRuns: 60 },
    );
  });
});
