import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summarise } from '../../harness/analysis/summarise.ts';
import type { ScalingFit } from '../../harness/results/schema/summary.ts';
import { failedCheck, fakeRun, type Figures, type Outcome, type RunOptions } from './fixture.ts';

const LEVELS = [1, 2, 5, 10, 20, 50, 100, 200];
const LAW = { alpha: 0.02, beta: 0.0004, gamma: 100 };

/** Exchanges a second by the law itself, a little off from trial to trial. */
function throughput(clients: number, repetition: number): number {
  const { alpha, beta, gamma } = LAW;
  const exact = (gamma * clients) / (1 + alpha * (clients - 1) + beta * clients * (clients - 1));
  return exact * (1 + (((repetition * 37 + clients * 11) % 13) - 6) / 1000);
}

function fitOf(options: Partial<RunOptions>, more: Partial<Figures> = {}): ScalingFit {
  const run = fakeRun({
    clients: LEVELS,
    measure: ({ clients, repetition }) => ({
      elapsedMs: 1000,
      exchanges: throughput(clients, repetition),
      ...more,
    }),
    ...options,
  });
  const [fit] = summarise(run).scaling;
  assert.ok(fit);
  return fit;
}

describe('the scaling of a server', () => {
  test('the parameters of a law are found again, within their intervals, and so is its knee', () => {
    const fit = fitOf({});
    assert.ok(fit.kind === 'fit');
    const knee = Math.sqrt((1 - LAW.alpha) / LAW.beta);
    for (const [found, true_] of [
      [fit.alpha, LAW.alpha],
      [fit.beta, LAW.beta],
      [fit.gamma, LAW.gamma],
      [fit.knee, knee],
    ] as const) {
      assert.ok(found && Math.abs(found.value / true_ - 1) < 0.1, JSON.stringify({ found, true_ }));
      assert.ok(
        found.low !== null && found.high !== null && found.low <= found.value && found.value <= found.high,
      );
    }
    assert.equal(fit.extrapolated, undefined);
    assert.deepEqual([fit.curve[0]?.clients, Math.round(fit.curve.at(-1)?.clients ?? 0)], [1, 200]);
  });

  test('the same run gives the same intervals: they are drawn from the seed of the plan', () => {
    assert.deepEqual(fitOf({}), fitOf({}));
    assert.notDeepEqual(fitOf({}), fitOf({ seed: 8 }));
  });

  test('a knee beyond the largest level is marked as a forecast', () => {
    const fit = fitOf({ clients: [1, 2, 5, 10, 20, 30] });
    assert.ok(fit.kind === 'fit' && fit.extrapolated === true);
  });

  test('single trials give a fit without intervals', () => {
    const fit = fitOf({ trialsPerCell: 1 });
    assert.ok(fit.kind === 'fit');
    assert.deepEqual([fit.gamma.low, fit.gamma.high], [null, null]);
  });

  test('too few levels, an offered rate and invalid trials give no fit, and say why', () => {
    const why = (fit: ScalingFit) => (fit.kind === 'no-fit' ? fit.why : 'a fit');
    assert.match(why(fitOf({ clients: [1, 2, 5] })), /levels of clients: 3/);
    assert.match(why(fitOf({}, { offeredPerSecond: 1000 })), /open loop/);
    assert.match(
      why(fitOf({}, { checks: [failedCheck('generator-saturated')] })),
      /everyone was served at 0 of 8 levels of clients, where the law needs 6/,
    );
  });

  test('levels at which clients were lost or failed, exchanges failed or a trial is missing bend no curve', () => {
    const clean = fitOf({ clients: LEVELS.slice(0, 6) });
    const spoiled: readonly Outcome[] = [
      { elapsedMs: 1000, exchanges: 1e6, lost: 1 },
      { elapsedMs: 1000, exchanges: 1e6, failed: 1 },
      { elapsedMs: 1000, exchanges: 1e6, errors: { answer: 1 } },
      { failure: 'The server crashed.' },
    ];
    for (const outcome of spoiled) {
      const fit = fitOf({
        measure: ({ clients, repetition }) =>
          clients >= 100 && repetition === 2
            ? outcome
            : { elapsedMs: 1000, exchanges: throughput(clients, repetition) * (clients >= 100 ? 3 : 1) },
      });
      assert.deepEqual(fit, clean);
    }
  });
});
