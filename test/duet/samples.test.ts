import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { logRatio } from '../../harness/duet/judgement/samples.ts';
import type { CompletedLaunch, SideFigures } from '../../harness/duet/records.ts';
import { gate, plan } from './fixture.ts';

function launch(base: SideFigures, other: SideFigures): CompletedLaunch {
  return {
    schema: 1,
    status: 'completed',
    launch: plan().launches[0]!,
    attempt: 1,
    startedMs: 0,
    tookMs: 1,
    base,
    other,
  };
}

const positive = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
const cpu = gate('cpu-per-exchange');
const throughput = gate('throughput');

describe('the figure of one launch', () => {
  it('is the mean log ratio of its slices, turned so that above 0 is worse', () => {
    const side = (values: readonly number[]): SideFigures => ({
      slices: values.map((value) => ({ 'cpu-per-exchange': value, throughput: value })),
    });
    const made = launch(side([10, 10]), side([11, 12.1]));
    assert.ok(Math.abs(logRatio(made, cpu) - 1.5 * Math.log(1.1)) < 1e-12);
    assert.ok(Math.abs(logRatio(made, throughput) + 1.5 * Math.log(1.1)) < 1e-12);
  });

  it('turns its sign when the sides are swapped, and does not depend on the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 8 }),
        positive,
        (pairs, unit) => {
          const side = (at: 0 | 1, scale = 1): SideFigures => ({
            slices: pairs.map((pair) => ({ 'cpu-per-exchange': pair[at] * scale })),
          });
          const d = logRatio(launch(side(0), side(1)), cpu);
          const swapped = logRatio(launch(side(1), side(0)), cpu);
          const scaled = logRatio(launch(side(0, unit), side(1, unit)), cpu);
          assert.ok(Math.abs(d + swapped) < 1e-9 && Math.abs(d - scaled) < 1e-6);
        },
      ),
    );
  });

  it('is not a number, never 0, where a slice lacks the metric or has none of it', () => {
    const whole: SideFigures = { slices: [{ throughput: 5 }, { throughput: 5 }] };
    for (const bad of [
      { slices: [{ throughput: 5 }, {}] },
      { slices: [{ throughput: 5 }, { throughput: 0 }] },
    ]) {
      assert.ok(Number.isNaN(logRatio(launch(whole, bad), throughput)));
      assert.ok(Number.isNaN(logRatio(launch(bad, whole), throughput)));
    }
  });

  it('takes memory from where connections were held', () => {
    const side = (hold: number): SideFigures => ({
      hold: { 'memory-per-connection': hold },
      slices: [{ 'memory-per-connection': 1 }],
    });
    const d = logRatio(launch(side(100), side(120)), gate('memory-per-connection'));
    assert.ok(Math.abs(d - Math.log(1.2)) < 1e-12);
  });
});
