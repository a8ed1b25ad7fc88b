import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { mergeHistograms } from '../../../harness/load/accounts/merge.ts';
import {
  HIGHEST_VALUE,
  Recorder,
  Series,
  type EncodedHistogram,
} from '../../../harness/load/accounts/recorder.ts';

function encoded(values: readonly number[]): EncodedHistogram {
  using series = new Series();
  for (const value of values) series.record(value);
  return series.encode();
}

/** The value below or at which a share of the values lies, by counting. */
function exactPercentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] as number;
}

const microseconds = fc.integer({ min: 0, max: 600_000_000 });
const near = (actual: number, exact: number): boolean => Math.abs(actual - exact) <= 1 + exact * 0.001;

void test('percentiles, extremes and mean are those of the values, to three digits', () => {
  fc.assert(
    fc.property(fc.array(microseconds, { minLength: 1, maxLength: 300 }), (values) => {
      const record = mergeHistograms([encoded(values)]);
      assert.equal(record.count, values.length);
      assert.ok(near(record.p50, exactPercentile(values, 50)));
      assert.ok(near(record.p90, exactPercentile(values, 90)));
      assert.ok(near(record.p99, exactPercentile(values, 99)));
      assert.ok(near(record.max, Math.max(...values)));
      assert.ok(near(record.min, Math.min(...values)));
      assert.ok(near(record.mean, values.reduce((sum, value) => sum + value, 0) / values.length));
    }),
    { numRuns: 100 },
  );
});

void test('merging parts gives what one histogram of all values gives, however they are dealt out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(microseconds, fc.nat(3)), { minLength: 1, maxLength: 200 }), (dealt) => {
      const parts = [0, 1, 2, 3].map((k) => encoded(dealt.filter(([, to]) => to === k).map(([v]) => v)));
      const whole = mergeHistograms([encoded(dealt.map(([value]) => value))]);
      const merged = mergeHistograms(parts);
      assert.deepEqual({ ...merged, encoded: '' }, { ...whole, encoded: '' });
    }),
    { numRuns: 60 },
  );
});

void test('what is out of range is clamped and counted, never thrown and never dropped', () => {
  fc.assert(
    fc.property(fc.array(fc.double(), { maxLength: 50 }), (values) => {
      const part = encoded(values);
      const outside = values.filter((value) => !(value >= 0 && value <= HIGHEST_VALUE)).length;
      assert.equal(part.clamped, outside);
      assert.equal(mergeHistograms([part]).count, values.length);
    }),
    { numRuns: 100 },
  );
  const record = mergeHistograms([encoded([5, HIGHEST_VALUE * 2])]);
  assert.equal(record.clamped, 1);
  assert.ok(near(record.max, HIGHEST_VALUE));
});

void test('the encoding is the portable V2 form that any HdrHistogram reads', () => {
  const { encoded: text } = encoded([1, 10, 100, 1000, 100_000]);
  assert.match(text, /^HIST/);
  const histogram = decodeFromCompressedBase64(text);
  assert.equal(histogram.totalCount, 5);
  assert.equal(histogram.maxValue, 100_031);
});

void test('a recorder hands over what was recorded by name, and nothing that was not', () => {
  using recorder = new Recorder();
  recorder.latency.record(120);
  recorder.own('delay').record(7);
  assert.deepEqual(Object.keys(recorder.encode()), ['latency', 'delay']);
});

void test('a value recorded after the end goes nowhere and harms nobody', () => {
  const series = new Series();
  series[Symbol.dispose]();
  series.record(5);
  assert.equal(series.count, 0);
  assert.throws(() => series.encode(), ReferenceError);
});
