import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../property.ts';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { meanThinkMs, parseThinkTime, thinkTimeOf } from '../../harness/scenario/think-time.ts';
import { formatDuration, parseDuration, parseRate } from '../../harness/scenario/duration.ts';
import { parseParameter } from '../../harness/scenario/parameter.ts';

void test('think times are read as people write them', () => {
  assert.deepEqual(parseThinkTime('5ms'), { kind: 'fixed', ms: 5 });
  assert.deepEqual(parseThinkTime('0'), { kind: 'fixed', ms: 0 });
  assert.deepEqual(parseThinkTime('uniform:2ms..8ms'), { kind: 'uniform', lowMs: 2, highMs: 8 });
  assert.deepEqual(parseThinkTime('exponential:1.5s'), { kind: 'exponential', meanMs: 1500 });
});

void test('a think time below the timers’ grain is refused with the reason', () => {
  for (const text of ['500us', 'uniform:0..5ms', 'exponential:0.5ms']) {
    const think = parseThinkTime(text);
    assert.match(think.kind === 'wrong' ? think.why : '', /shorter than the timers' grain/);
  }
});

void test('anything else is refused with what is allowed', () => {
  for (const text of ['', 'soon', 'uniform:5ms', 'uniform:8ms..2ms', 'normal:5ms', 'exponential:', '-5ms']) {
    const think = parseThinkTime(text);
    assert.match(think.kind === 'wrong' ? think.why : '', /give 0, a duration such as 5ms/, text);
  }
});

void test('any text is a think time or is refused, and never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseThinkTime(text)));
});

void test('draws have the mean that the text says, and lie in its range', () => {
  const generator = xoroshiro128plus(42);
  const random = (): number => uniformFloat64(generator);
  for (const text of ['uniform:2ms..8ms', 'exponential:5ms']) {
    const draw = thinkTimeOf(text, random);
    assert.ok(typeof draw === 'function');
    const draws = Array.from({ length: 20_000 }, draw);
    const mean = draws.reduce((sum, ms) => sum + ms, 0) / draws.length;
    assert.ok(Math.abs(mean / meanThinkMs(text) - 1) < 0.05, `${text}: mean ${mean}`);
    assert.ok(draws.every((ms) => ms >= 0 && Number.isFinite(ms)));
    if (text.startsWith('uniform')) assert.ok(draws.every((ms) => ms >= 2 && ms < 8));
  }
  assert.equal(thinkTimeOf('7ms', random), 7);
});

void test('a duration is read as it is shown', () => {
  for (const ms of [0.1, 20, 1500]) assert.equal(parseDuration(formatDuration(ms)), ms);
});

void test('rates are read as people write them', () => {
  assert.equal(parseRate('5000/s'), 5000);
  assert.equal(parseRate('300/min'), 5);
  assert.equal(parseRate('250'), 250);
  for (const text of ['', '5/x', '-1/s', 'fast', '5000 s']) assert.equal(parseRate(text), undefined, text);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (rate) => {
      assert.equal(parseRate(`${rate}/s`), rate);
    }),
  );
});

void test('parameters of these kinds say what is allowed', () => {
  const rate = { kind: 'rate', default: 0, min: 0, max: 1000, description: '' } as const;
  assert.equal(parseParameter('rate', rate, '500/s'), 500);
  assert.throws(
    () => parseParameter('rate', rate, '5000/s'),
    /give a rate from 0\/s to 1000\/s, such as 5000\/s/,
  );
  const think = { kind: 'think', default: '5ms', description: '' } as const;
  assert.equal(parseParameter('think', think, ' uniform:2ms..8ms '), 'uniform:2ms..8ms');
  assert.throws(() => parseParameter('think', think, '0.2ms'), /--set think=0\.2ms: 0\.2 ms is shorter/);
});
