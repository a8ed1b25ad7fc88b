import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import { median } from '../../../harness/analysis/statistics/estimators/quantile.ts';
import { bootstrapScaling } from '../../../harness/analysis/statistics/scaling/scaling-bootstrap.ts';
import {
  fitScalingLaw,
  type ThroughputLevel,
} from '../../../harness/analysis/statistics/scaling/scaling-law.ts';
import { normal, seeded, type RandomGenerator } from './samplers.ts';

const LEVELS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const TRUTH = { gamma: 1000, alpha: 0.05, beta: 0.0005 };
const PEAK = Math.sqrt((1 - TRUTH.alpha) / TRUTH.beta);

type Law = typeof TRUTH;

function exact({ gamma, alpha, beta }: Law, clients: number): number {
  return (gamma * clients) / (1 + alpha * (clients - 1) + beta * clients * (clients - 1));
}

function measured(random: RandomGenerator, law: Law, trials: number, noise: number): ThroughputLevel[] {
  return LEVELS.map((clients) => ({
    clients,
    throughputs: Array.from({ length: trials }, () => exact(law, clients) * Math.exp(noise * normal(random))),
  }));
}

function noiseless(
  throughput: (clients: number) => number,
  clients: readonly number[] = LEVELS,
): ThroughputLevel[] {
  return clients.map((n) => ({ clients: n, throughputs: [throughput(n)] }));
}

describe('scaling law', () => {
  test('finds the parameters of any curve that follows it', () => {
    const parameters = fc.record({
      gamma: fc.double({ min: 1, max: 1e6, noNaN: true }),
      alpha: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      beta: fc.double({ min: 1e-6, max: 0.1, noNaN: true }),
    });
    fc.assert(
      fc.property(parameters, (law) => {
        const fit = fitScalingLaw(noiseless((n) => exact(law, n)));
        assert.ok(fit.kind === 'fit');
        for (const name of ['gamma', 'alpha', 'beta'] as const) {
          assert.ok(Math.abs(fit[name] / law[name] - 1) < 1e-6, `${name}: ${fit[name]} for ${law[name]}`);
        }
        assert.ok(fit.residual < 1e-9);
        assert.ok(Math.abs(fit.predict(77) / exact(law, 77) - 1) < 1e-6);
      }),
    );
  });

  test('recovers known parameters within 5 % under 5 % noise', () => {
    const random = seeded(1);
    const trials = 12;
    const fits = Array.from({ length: 400 }, () => fitScalingLaw(measured(random, TRUTH, trials, 0.05)));
    const errors = { gamma: 0, alpha: 0, beta: 0, peak: 0 };
    for (const [name, truth] of [...Object.entries(TRUTH), ['peak', PEAK] as const]) {
      const values = fits.map((fit) => {
        assert.ok(fit.kind === 'fit' && fit.peak);
        return name === 'peak' ? fit.peak.clients : fit[name as keyof Law];
      });
      const off = values.map((value) => Math.abs(value / truth - 1));
      errors[name as keyof typeof errors] = off.filter((error) => error <= 0.05).length / off.length;
      assert.ok(
        Math.abs(median(values) / truth - 1) < 0.01,
        `${name} is biased: ${median(values)} for ${truth}`,
      );
    }
    // Single fits: nearly all within 5 %.
    for (const [name, within] of Object.entries(errors)) assert.ok(within >= 0.85, `${name}: ${within}`);
    assert.ok(errors.gamma >= 0.99 && errors.peak >= 0.99, JSON.stringify(errors));
  });

  test('says why there is no fit', () => {
    const why = (levels: readonly ThroughputLevel[]) => {
      const fit = fitScalingLaw(levels);
      assert.ok(fit.kind === 'no-fit');
      return fit;
    };
    const few = (levels: number) => ({ kind: 'no-fit', reason: 'few-levels', levels });
    assert.deepEqual(why(noiseless((n) => exact(TRUTH, n), [1, 2, 5, 10, 20])), few(5));
    assert.deepEqual(why(noiseless((n) => exact(TRUTH, n), [1, 1, 1, 1, 1, 1])), few(1));
    assert.deepEqual(why([]), few(0));
    const broken = why(noiseless((n) => (n === 10 ? 0 : n)));
    assert.deepEqual(broken, { kind: 'no-fit', reason: 'no-throughput', clients: 10 });
    const off = why(noiseless((n) => (n % 2 ? 100 : 500)));
    assert.ok(off.reason === 'residual' && off.residual > 0.15);
  });

  test('a curve that would need a negative parameter is fitted with it held at 0, and has no peak', () => {
    // Throughput in proportion to clients, a little more than that at the end.
    const linear = fitScalingLaw(noiseless((n) => 10 * n ** 1.01));
    assert.ok(linear.kind === 'fit');
    assert.deepEqual([linear.alpha, linear.beta, linear.peak], [0, 0, null]);
    // Levels off, and rises a little faster at the end than contention alone allows.
    const saturated = fitScalingLaw(noiseless((n) => (1000 * n) / (1 + 0.1 * n ** 0.98)));
    assert.ok(saturated.kind === 'fit');
    assert.ok(saturated.alpha > 0);
    assert.deepEqual([saturated.beta, saturated.peak], [0, null]);
  });

  test('a peak beyond the largest level is marked as a forecast', () => {
    const law = { gamma: 100, alpha: 0.01, beta: 1e-7 };
    const fit = fitScalingLaw(noiseless((n) => exact(law, n)));
    assert.ok(fit.kind === 'fit' && fit.peak);
    assert.equal(fit.peak.extrapolated, true);
  });

  test('a throughput that only falls has no peak', () => {
    const fit = fitScalingLaw(noiseless((n) => exact({ gamma: 100, alpha: 1.5, beta: 0.001 }, n)));
    assert.ok(fit.kind === 'fit');
    assert.equal(fit.peak, null);
  });
});

describe('intervals of the scaling law', () => {
  test('are the same for the same seed and differ for another', () => {
    const levels = measured(seeded(3), TRUTH, 5, 0.05);
    const once = bootstrapScaling(levels, { seed: 7, resamples: 100 });
    assert.deepEqual(bootstrapScaling(levels, { seed: 7, resamples: 100 }), once);
    assert.notDeepEqual(bootstrapScaling(levels, { seed: 8, resamples: 100 }), once);
  });

  test('cover the truth about as often as they say', () => {
    const random = seeded(5);
    const repetitions = 150;
    const covered = { alpha: 0, beta: 0, gamma: 0, peak: 0 };
    for (let i = 0; i < repetitions; i++) {
      const intervals = bootstrapScaling(measured(random, TRUTH, 7, 0.05), { seed: i, resamples: 200 });
      assert.ok(intervals);
      for (const [name, truth] of [...Object.entries(TRUTH), ['peak', PEAK] as const]) {
        const { low, high } = intervals[name as keyof typeof covered];
        if (low <= truth && truth <= high) covered[name as keyof typeof covered]++;
      }
    }
    for (const [name, count] of Object.entries(covered)) {
      assert.ok(count / repetitions >= 0.88, `${name}: ${count} of ${repetitions}`);
    }
  });

  test('the peak has no upper end when there may be none', () => {
    const intervals = bootstrapScaling(measured(seeded(6), { gamma: 1000, alpha: 0.05, beta: 0 }, 6, 0.05), {
      seed: 1,
      resamples: 200,
    });
    assert.equal(intervals?.peak.high, Infinity);
    assert.equal(intervals?.beta.low, 0);
  });

  test('one trial a level leaves nothing to resample, and a curve that is no fit has no intervals', () => {
    assert.equal(
      bootstrapScaling(
        noiseless((n) => exact(TRUTH, n)),
        { seed: 1 },
      ),
      null,
    );
    const levels = LEVELS.map((clients) => ({ clients, throughputs: clients % 2 ? [100, 101] : [500, 510] }));
    assert.equal(bootstrapScaling(levels, { seed: 1, resamples: 20 }), null);
  });
});
