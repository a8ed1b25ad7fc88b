import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { logRatio } from '../../harness/duet/judgement/samples.ts';
import type { ArmFigures, CompletedLaunch } from '../../harness/results/schema/duet-plan.ts';
import { gate, plan } from './fixture.ts';

function launch(base: ArmFigures, head: ArmFigures): CompletedLaunch {
  return {
    schema: 2,
    status: 'completed',
    launch: plan().launches[0]!,
    attempt: 1,
    startedMs: 0,
    tookMs: 1,
    base,
    head,
  };
}

const positive = fc.double({ min: 1e-6, max: 1e12, noNaN: true });
const cpu = gate('cpu-per-exchange');
const throughput = gate('throughput');

describe('the figure of one launch', () => {
  it('is the mean log ratio of its slices, turned so that above 0 is worse', () => {
    const arm = (values: readonly number[]): ArmFigures => ({
      slices: values.map((value) => ({ 'cpu-per-exchange': value, throughput: value })),
    });
    const made = launch(arm([10, 10]), arm([11, 12.1]));
    assert.ok(Math.abs(logRatio(made, cpu) - 1.5 * Math.log(1.1)) < 1e-12);
    assert.ok(Math.abs(logRatio(made, throughput) + 1.5 * Math.log(1.1)) < 1e-12);
  });

  it('turns its sign when the arms are swapped, and does not depend on the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 8 }),
        positive,
        (pairs, unit) => {
          const arm = (at: 0 | 1, scale = 1): ArmFigures => ({
            slices: pairs.map((pair) => ({ 'cpu-per-exchange': pair[at] * scale })),
          });
          const d = logRatio(launch(arm(0), arm(1)), cpu);
          const swapped = logRatio(launch(arm(1), arm(0)), cpu);
          const scaled = logRatio(launch(arm(0, unit), arm(1, unit)), cpu);
          assert.ok(Math.abs(d + swapped) < 1e-9 && Math.abs(d - scaled) < 1e-6);
        },
      ),
    );
  });

  it('is not a number, never 0, where a slice lacks the metric or has none of it', () => {
    const whole: ArmFigures = { slices: [{ throughput: 5 }, { throughput: 5 }] };
    for (const bad of [
      { slices: [{ throughput: 5 }, {}] },
      { slices: [{ throughput: 5 }, { throughput: 0 }] },
    ]) {
      assert.ok(Number.isNaN(logRatio(launch(whole, bad), throughput)));
      assert.ok(Number.isNaN(logRatio(launch(bad, whole), throughput)));
    }
  });

  it('takes memory from where connections were held', () => {
    const arm = (held: number): ArmFigures => ({
      held: { 'memory-per-connection': held },
      slices: [{ 'memory-per-connection': 1 }],
    });
    const d = logRatio(launch(arm(100), arm(120)), gate('memory-per-connection'));
    assert.ok(Math.abs(d - Math.log(1.2)) < 1e-12);
  });
});
