import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideDuet, type GateSamples } from '../../harness/analysis/statistics/duet/duet-decision.ts';
import { distrust, reasonInWords } from '../../harness/duet/judgement/phrases.ts';

/** Twelve launches around an effect, without chance: an even spread of ± spread. */
function around(effect: number, spread: number): GateSamples {
  const d = Array.from({ length: 12 }, (_, i) => Math.log(effect) + spread * ((2 * i + 1) / 12 - 1));
  return { name: 'cpu', d };
}

const reasonOf = (...gates: readonly GateSamples[]): string => reasonInWords(decideDuet(gates, 12).gates[0]!);

describe('the reason of a verdict', () => {
  it('has the figures that decided', () => {
    assert.match(
      reasonOf(around(1.08, 0.02)),
      /^\+8\.0 %: at least 3 % worse, and adjusted p 0\.00024 is within 0\.01$/,
    );
    assert.match(reasonOf(around(0.9, 0.02)), /^−10\.0 %: at least 3 % better/);
    assert.match(reasonOf(around(1.02, 0.01)), /with 99 % confidence, inside the margin of 5 %$/);
  });

  it('of doubt names the smallest effect that would have been seen, or says that there is none', () => {
    assert.match(
      reasonOf(around(1.04, 0.2)),
      /may be chance .* is not excluded; \+\d+\.\d % would have been seen$/,
    );
    const fifty = Array.from({ length: 50 }, () => around(1, 0.3));
    assert.match(reasonOf(...fifty), /no effect could have been seen$/);
  });

  it('that nothing was judged says what is missing', () => {
    const { name, d } = around(1, 0.01);
    assert.equal(reasonOf({ name, d: [Number.NaN, ...d.slice(1)] }), 'measured in 11 of 12 launches');
    assert.equal(reasonOf({ name, d: d.slice(6) }), 'measured in 6 of 12 launches');
    assert.equal(reasonOf({ name, d, invalid: 'it crashed' }), 'it crashed');
  });
});

describe('the distrust of a duet', () => {
  it('is a sentence where equal builds differ, and nothing else', () => {
    const differs = decideDuet([around(1.06, 0.02)], 12);
    assert.match(
      distrust(differs, false)!,
      /^The base differs from a copy of itself by \+6\.0 % in cpu: no figure/,
    );
    assert.match(distrust(differs, true)!, /^Both arms are the same build, and yet the base differs/);
    assert.equal(distrust(decideDuet([around(1, 0.02)], 12), false), null);
  });
});
