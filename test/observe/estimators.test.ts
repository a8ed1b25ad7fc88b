import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../property.ts';
import { growth } from '../../harness/observe/machine/kernel-counters.ts';
import { DetailSchedule, SamplingPeriod } from '../../harness/observe/sampler/sampling-period.ts';
import { cpuBetween } from '../../harness/observe/sampler/resource-use.ts';
import { VanishingCounters } from '../../harness/observe/tree/switches.ts';

describe('the sampling period', () => {
  test('doubles until a sample costs less than 1 % of it', () => {
    const period = new SamplingPeriod(100);
    for (let samples = 0; samples < 50; samples++) period.spent(2.5);
    assert.equal(period.ms, 400);
  });

  test('shrinks again once sampling has become cheap, but not below what was asked for', () => {
    const period = new SamplingPeriod(100);
    for (let samples = 0; samples < 50; samples++) period.spent(2.5);
    for (let samples = 0; samples < 50; samples++) period.spent(0.3);
    assert.equal(period.ms, 100);
  });

  test('does not change for a single costly sample, nor for cheap ones', () => {
    const period = new SamplingPeriod(100);
    for (let samples = 0; samples < 50; samples++) period.spent(samples % 5 === 0 ? 30 : 0.5);
    assert.equal(period.ms, 100);
  });
});

test('detail readings come once a second, and less often where they are costly', () => {
  const schedule = new DetailSchedule();
  assert.ok(schedule.isDue(0));
  schedule.spent(0, 0.1);
  assert.ok(!schedule.isDue(999) && schedule.isDue(1000));
  schedule.spent(1000, 10);
  assert.ok(!schedule.isDue(10_999) && schedule.isDue(11_000));
});

test('counters that come and go add up to all that was counted, less what was after the last look', () => {
  const history = fc.array(
    fc.record({ owner: fc.nat(5), grow: fc.nat(100), ends: fc.boolean(), looked: fc.boolean() }),
    { maxLength: 100, size: 'max' },
  );
  fc.assert(
    fc.property(history, (steps) => {
      const counters = new VanishingCounters();
      const live = new Map<number, number>();
      let truth = 0;
      let last = 0;
      for (const { owner, grow, ends, looked } of steps) {
        live.set(owner, (live.get(owner) ?? 0) + grow);
        truth += grow;
        if (looked || ends) {
          const sum = counters.update(new Map(live));
          assert.equal(sum, truth);
          assert.ok(sum >= last);
          last = sum;
        }
        if (ends) live.delete(owner);
        if (ends) counters.update(new Map(live));
      }
    }),
  );
});

describe('the growth of a kernel counter', () => {
  test('is the difference, also across 32 bits', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 2 ** 31, max: 2 ** 32 - 1 }), (by, before) => {
        assert.equal(growth(before, (before + by) % 2 ** 32), by);
        assert.equal(growth(by, before), before - by);
      }),
    );
  });

  test('is unknown when the counter was set back or not read', () => {
    assert.equal(growth(1000, 999), null);
    assert.equal(growth(2 ** 33, 5), null);
    assert.equal(growth(undefined, 5), null);
    assert.equal(growth(5, undefined), null);
  });
});

test('CPU time is split in proportion, and never into negative parts', () => {
  const part = fc.nat(1e6);
  const reading = fc.record({ cpuNs: fc.nat(1e12), userNs: part, systemNs: part });
  fc.assert(
    fc.property(reading, reading, (before, after) => {
      const use = cpuBetween(before, after);
      assert.equal(use.userNs + use.systemNs, use.cpuNs);
      assert.ok(use.userNs >= 0 && use.systemNs >= 0);
    }),
  );
});
