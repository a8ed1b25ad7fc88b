import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../../property.ts';
import {
  decideDuet,
  effectInControl,
  type GateSamples,
  USUAL_RULE,
} from '../../../harness/analysis/statistics/duet/duet-decision.ts';

/** Launches around an effect, without chance: an even spread of ± spread. */
function around(effect: number, spread: number, launches = 12): number[] {
  return Array.from({ length: launches }, (_, i) => Math.log(effect) + spread * ((2 * i + 1) / launches - 1));
}

function gate(name: string, d: readonly number[]): GateSamples {
  return { name, d };
}

describe('duet decision', () => {
  test('a clear loss is a regression at the first interim analysis, and the comparison ends', () => {
    const { gates, verdict, next } = decideDuet([gate('cpu', around(1.08, 0.02))], 12);
    assert.equal(verdict, 'regression');
    assert.equal(next, null);
    const [cpu] = gates;
    assert.ok(cpu?.evidence?.interval);
    assert.ok(Math.abs(cpu.evidence.effect - 1.08) < 1e-9);
    assert.ok(cpu.evidence.interval.low < 1.08 && cpu.evidence.interval.high > 1.08);
    assert.equal(cpu.evidence.p, 2 ** -12);
    assert.deepEqual([cpu.n, cpu.look], [12, 1]);
    assert.deepEqual(cpu.reason, { kind: 'effect', delta: 0.03, alpha: 0.01 });
  });

  test('a clear gain is an improvement', () => {
    const { gates, verdict, next } = decideDuet([gate('cpu', around(0.9, 0.02))], 12);
    assert.deepEqual([verdict, next], ['improvement', null]);
    assert.deepEqual(gates[0]!.reason, { kind: 'effect', delta: 0.03, alpha: 0.01 });
  });

  test('a difference for certain, but smaller than delta, is no alarm', () => {
    const { gates } = decideDuet([gate('cpu', around(1.02, 0.01))], 12);
    assert.ok(gates[0]!.evidence!.pAdjusted < 0.01);
    assert.equal(gates[0]!.verdict, 'no-change');
    assert.deepEqual(gates[0]!.reason, { kind: 'bound', margin: 0.05, alpha: 0.01 });
  });

  test('a large effect that may be chance is inconclusive, and the next interim analysis is asked for', () => {
    const { gates, verdict, next } = decideDuet([gate('cpu', around(1.04, 0.2))], 12);
    assert.equal(verdict, 'inconclusive');
    assert.deepEqual(next, USUAL_RULE.analyses[1]);
    assert.deepEqual(gates[0]!.reason, { kind: 'undecided', delta: 0.03, alpha: 0.01 });
    assert.ok(gates[0]!.evidence!.smallestDetectable! > 1.1);
  });

  test('after the last interim analysis there is no next one', () => {
    const { verdict, next } = decideDuet([gate('cpu', around(1.04, 0.3, 24))], 24);
    assert.deepEqual([verdict, next], ['inconclusive', null]);
  });

  test('noise without a bound under the margin is never declared unchanged', () => {
    const { gates } = decideDuet([gate('cpu', around(1, 0.3))], 12);
    assert.equal(gates[0]!.verdict, 'inconclusive');
  });

  test('one undecided gate keeps the comparison going, one regression ends it', () => {
    const noisy = gate('throughput', around(1, 0.3));
    const quiet = gate('cpu', around(1, 0.01));
    const worse = gate('memory', around(1.2, 0.01));
    assert.equal(decideDuet([noisy, quiet], 12).next?.launches, 18);
    const ended = decideDuet([noisy, quiet, worse], 12);
    assert.equal(ended.next, null);
    assert.deepEqual(
      ended.gates.map(({ verdict }) => verdict),
      ['inconclusive', 'no-change', 'regression'],
    );
  });

  test('a metric may have a delta and a margin of its own', () => {
    const d = around(1.04, 0.01);
    assert.equal(decideDuet([gate('p50', d)], 12).verdict, 'regression');
    assert.equal(decideDuet([{ name: 'p50', d, delta: 0.1, margin: 0.12 }], 12).verdict, 'no-change');
  });

  test('what cannot be judged is invalid, with the reason, and makes the other gates no more significant', () => {
    const cpu = gate('cpu', around(1.05, 0.03));
    const alone = decideDuet([cpu, gate('p50', around(1, 0.01))], 12);
    const beside = decideDuet(
      [cpu, { name: 'p50', d: around(1, 0.01), invalid: 'the control shows an effect' }],
      12,
    );
    assert.equal(beside.gates[1]!.verdict, 'invalid');
    assert.deepEqual(beside.gates[1]!.reason, { kind: 'ruled-out', why: 'the control shows an effect' });
    assert.equal(beside.gates[1]!.evidence, null);
    assert.equal(beside.gates[0]!.evidence!.pAdjusted, alone.gates[0]!.evidence!.pAdjusted);
  });

  test('a launch without the metric makes it invalid, never unchanged', () => {
    const short = decideDuet([gate('cpu', around(1, 0.01, 6))], 12);
    assert.equal(short.verdict, 'invalid');
    assert.deepEqual(short.gates[0]!.reason, { kind: 'incomplete', measured: 6, launches: 12 });
    assert.equal(decideDuet([gate('cpu', around(1, 0.01, 11))], 12).verdict, 'no-change');
    const broken = decideDuet([gate('cpu', [...around(1, 0.01, 11), NaN])], 12);
    assert.deepEqual(broken.gates[0]!.reason, { kind: 'incomplete', measured: 11, launches: 12 });
    assert.equal(decideDuet([], 12).verdict, 'invalid');
  });

  test('an analysis at another time than planned is refused', () => {
    assert.throws(
      () => decideDuet([gate('cpu', around(1, 0.01, 13))], 13),
      /after 12, 18, 24 launches, not after 13/,
    );
    assert.throws(() => decideDuet([gate('cpu', around(1, 0.01, 13))], 12), RangeError);
  });

  test('so many gates that the analysis cannot reach its alpha: nothing is detectable', () => {
    const gates = Array.from({ length: 50 }, (_, i) => gate(`g${i}`, around(1, 0.3)));
    const [first] = decideDuet(gates, 12).gates;
    assert.equal(first!.evidence!.smallestDetectable, null);
  });

  test('exchanging base and head exchanges regression and improvement', () => {
    const d = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(d, d, (first, second) => {
        const gates = [gate('a', first), gate('b', second)];
        const swapped = gates.map(({ name, d }) =>
          gate(
            name,
            d.map((value) => -value),
          ),
        );
        const verdicts = decideDuet(gates, 12).gates.map(({ verdict }) => verdict);
        for (const [i, { verdict }] of decideDuet(swapped, 12).gates.entries()) {
          assert.equal(verdicts[i] === 'regression', verdict === 'improvement');
        }
      }),
    );
  });

  test('the control tells of an effect where there cannot be one', () => {
    assert.equal(effectInControl(decideDuet([gate('cpu', around(1, 0.02))], 12)), undefined);
    assert.equal(effectInControl(decideDuet([gate('cpu', around(1, 0.5))], 12)), undefined);
    assert.equal(effectInControl(decideDuet([gate('cpu', around(1.06, 0.02))], 12))?.name, 'cpu');
  });
});
