import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { readTotal, signTotal } from '../../../servers/systems/cookie/cookie.ts';

const KEY = Buffer.alloc(32, 'k');
const anyTotal = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('a signed total is read back, and a new client has 0', () => {
  fc.assert(fc.property(anyTotal, (total) => readTotal(signTotal(total, KEY), KEY) === total));
  assert.equal(readTotal(new Uint8Array(), KEY), 0n);
});

test('a cookie with any bit changed, cut, or signed with another key is nobody’s', () => {
  fc.assert(
    fc.property(anyTotal, fc.nat(40 * 8 - 1), (total, bit) => {
      const cookie = signTotal(total, KEY);
      assert.equal(readTotal(cookie.subarray(0, bit >> 3 || 1), KEY), undefined);
      assert.equal(readTotal(cookie, Buffer.alloc(32, 'other')), undefined);
      cookie[bit >> 3] = (cookie[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(readTotal(cookie, KEY), undefined);
    }),
  );
});

test('any bytes are nobody’s cookie', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      (bytes) => readTotal(bytes, KEY) === undefined,
    ),
  );
});
