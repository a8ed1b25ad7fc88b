import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../property.ts';
import { UsageError } from '../../harness/errors.ts';
import { MAX_CLIENTS, MAX_LEVELS, parseClients } from '../../harness/plan/clients.ts';

describe('client counts', () => {
  it('are read in every form the help names', () => {
    assert.deepEqual(parseClients('50'), [50]);
    assert.deepEqual(parseClients('1,10,100'), [1, 10, 100]);
    assert.deepEqual(parseClients('1..500'), [1, 2, 5, 10, 20, 50, 100, 200, 500]);
    assert.deepEqual(parseClients('3..70'), [3, 5, 10, 20, 50, 70]);
    assert.deepEqual(parseClients('1..500:100'), [1, 101, 201, 301, 401, 500]);
    assert.deepEqual(parseClients('1..512*2'), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    assert.deepEqual(parseClients('7..7'), [7]);
    assert.deepEqual(parseClients('100, 1..5, 100'), [1, 2, 5, 100]);
  });

  for (const [text, says] of [
    ['500..1', /runs backwards; write 1\.\.500/],
    ['abc', /"abc" is not a client count; write 50/],
    ['0', /at least 1 client/],
    ['1..1000000000', /at most 100,000 clients/],
    ['1..100000:1', /more than 200 client counts/],
    ['1..10*1', /factor after "\*" is greater than 1/],
    ['1..10:0', /step after ":" is a whole number/],
    ['', /is not a client count/],
    ['1,,2', /"" is not a client count/],
    ['-5', /"-5" is not a client count/],
    ['1..1.5', /is not a client count/],
    ['1e3', /is not a client count/],
  ] as const) {
    it(`refuses "${text}" in one sentence that says what to write`, () => {
      assert.throws(
        () => parseClients(text),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }

  it('are ascending, distinct, in range and hold both ends, whatever the range', () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: MAX_CLIENTS }), fc.integer({ min: 1, max: MAX_CLIENTS }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(range, fc.constantFrom('', '*2', '*1.5', ':997'), ([from, to], form) => {
        const levels = parseClients(`${from}..${to}${form}`);
        assert.equal(levels[0], from);
        assert.equal(levels.at(-1), to);
        assert.ok(levels.length <= MAX_LEVELS);
        assert.deepEqual(
          levels,
          [...new Set(levels)].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('never throw anything but a UsageError, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseClients(text);
        } catch (error) {
          assert.ok(error instanceof UsageError, String(error));
        }
      }),
    );
  });
});
