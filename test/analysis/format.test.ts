import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from '../property.ts';
import { formatEstimate, formatRange, formatValue } from '../../harness/analysis/text/format.ts';
import { estimate } from '../../harness/analysis/cells/cells.ts';
import type { Unit } from '../../harness/results/schema/plan.ts';

const UNITS: readonly Unit[] = ['ms', 'us', 'bytes', 'count', 'per-second', 'ratio'];

/** Everything from nothing to more than anybody measures, and what is no number. */
const anyFigure = fc.oneof(fc.double({ min: -1e15, max: 1e15 }), fc.constantFrom(Infinity, -Infinity));

describe('figures for people', () => {
  test('every unit is written as people write it', () => {
    const written = (
      [
        [226.04, 'ms'],
        [1234, 'ms'],
        [65_000, 'ms'],
        [3.4, 'us'],
        [28_190, 'us'],
        [512, 'bytes'],
        [9_840_000, 'bytes'],
        [501, 'count'],
        [12_345, 'count'],
        [2.5, 'count'],
        [12.345, 'per-second'],
        [8432.7, 'per-second'],
        [10_300_000, 'per-second'],
        [0.1234, 'ratio'],
        [0, 'ratio'],
        [0.85, 'ms'],
        [999.9, 'ms'],
        [0, 'ms'],
        [3_600_000, 'ms'],
        [-33.1, 'us'],
        [0.0004, 'us'],
        [12_345, 'bytes'],
        [44_300, 'per-second'],
        [443_000, 'per-second'],
        [1_234_567, 'count'],
        [12.345, 'ratio'],
        [0.9999, 'share'],
      ] as const
    ).map(([value, unit]) => formatValue(value, unit));
    assert.deepEqual(written, [
      '226 ms',
      '1.23 s',
      '1 min 5 s',
      '3.4 µs',
      '28.2 ms',
      '512 B',
      '9.84 MB',
      '501',
      '12,345',
      '2.5',
      '12.3/s',
      '8,430/s',
      '10.3 M/s',
      '12.3 %',
      '0 %',
      '850 µs',
      '1 s',
      '0 ms',
      '1 h',
      '−33.1 µs',
      '0.4 ns',
      '12.3 kB',
      '44,300/s',
      '443 k/s',
      '1,234,567',
      '1,230 %',
      '99.99 %',
    ]);
  });

  test('what is missing or not a number is a dash, never a zero', () => {
    for (const value of [null, undefined, Number.NaN, Infinity, -Infinity])
      for (const unit of UNITS) assert.equal(formatValue(value, unit), '–');
  });

  test('a range has its unit once where both ends share it', () => {
    assert.equal(formatRange(224, 229, 'ms'), '224 to 229 ms');
    assert.equal(formatRange(980, 1100, 'ms'), '980 ms to 1.1 s');
    assert.equal(formatRange(65_000, 70_000, 'ms'), '1 min 5 s to 1 min 10 s');
    assert.equal(formatRange(8000, 9000, 'per-second'), '8,000 to 9,000/s');
    assert.equal(formatRange(-2, 3, 'ms'), '−2 to 3 ms');
    assert.equal(formatRange(5, 5, 'count'), '5');
  });

  test('an estimate shows its interval with enough digits to see its width', () => {
    const of = (...values: readonly number[]) => formatEstimate(estimate(values)!, 'ms');
    assert.equal(of(224, 226, 226, 226, 226, 229), '226 ms (224 to 229 ms)');
    assert.equal(of(10_021, 10_022, 10_023, 10_024, 10_025, 10_026), '10.024 s (10.021 to 10.026 s)');
    assert.equal(of(224, 229), '227 ms [224 to 229 ms]', 'the range of too few trials');
    assert.equal(of(224), '224 ms');
    assert.equal(of(224, 224, 224), '224 ms');
  });

  test('no value of any unit is written as NaN, undefined or infinite', () => {
    fc.assert(
      fc.property(
        anyFigure,
        fc.constantFrom(...UNITS),
        fc.integer({ min: 1, max: 6 }),
        (value, unit, digits) => {
          assert.doesNotMatch(formatValue(value, unit, digits), /NaN|undefined|Infinity/);
        },
      ),
    );
  });
});
