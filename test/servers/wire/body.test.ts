import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import {
  decodeError,
  decodeFields,
  decodeReply,
  decodeRequest,
  encodeError,
  encodeFields,
  encodeReply,
  encodeRequest,
} from '../../../servers/wire/body.ts';
import { BODY_OFFSET, Frame, FrameError } from '../../../servers/wire/frame.ts';
import type { Fields } from '../../../servers/wire/methods.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const i64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.string({ unit: 'binary', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));

const EVERY_TYPE = {
  a: 'u32',
  b: 'i64',
  c: 'string',
  d: 'bytes',
  e: { list: 'i64' },
  f: { list: { name: 'string', port: 'u32', tags: { list: 'string' } } },
} as const satisfies Fields;

const values = fc.record({
  a: u32,
  b: i64,
  c: text,
  d: bytes,
  e: fc.array(i64, { maxLength: 5 }),
  f: fc.array(fc.record({ name: text, port: u32, tags: fc.array(text, { maxLength: 3 }) }), { maxLength: 4 }),
});

const bodyOf = (frame: Buffer): Buffer => frame.subarray(BODY_OFFSET);
const plain = (value: unknown): unknown => structuredClone(value);

test('values of every type come back as they were', () => {
  fc.assert(
    fc.property(values, (before) => {
      const body = bodyOf(encodeFields(1, 1, 1, EVERY_TYPE, before));
      assert.deepEqual(plain(decodeFields(EVERY_TYPE, body)), plain(before));
    }),
  );
});

test('a body cut anywhere, or with a byte too many, is a FrameError', () => {
  fc.assert(
    fc.property(values, fc.nat(), (before, cut) => {
      const body = bodyOf(encodeFields(1, 1, 1, EVERY_TYPE, before));
      assert.throws(() => decodeFields(EVERY_TYPE, body.subarray(0, cut % body.length)), FrameError);
      assert.throws(() => decodeFields(EVERY_TYPE, Buffer.concat([body, Buffer.of(0)])), FrameError);
    }),
  );
});

test('any bytes either parse or raise a FrameError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (array) => {
      try {
        decodeFields(EVERY_TYPE, Buffer.from(array));
      } catch (error) {
        assert.ok(error instanceof FrameError);
      }
    }),
    { numRuns: 500 },
  );
});

test('requests, replies and errors carry their method and call', () => {
  const request = new Frame(encodeRequest('session.open', 9, { patienceMs: 250 }));
  assert.deepEqual([request.kind, request.method, request.callId], [1, 16, 9]);
  assert.deepEqual(decodeRequest('session.open', request.body), { patienceMs: 250 });
  const reply = new Frame(encodeReply('session.close', 10, { exchanges: 3 }));
  assert.deepEqual([reply.kind, reply.method, reply.callId], [2, 18, 10]);
  assert.deepEqual(decodeReply('session.close', reply.body), { exchanges: 3 });
  const error = new Frame(encodeError(16, 0, 'busy', 'come back later'));
  assert.deepEqual([error.kind, error.method, error.callId], [4, 16, 0]);
  assert.deepEqual(decodeError(error.body), { code: 4, message: 'come back later' });
});

test('a number that does not fit its field is refused', () => {
  assert.throws(() => encodeRequest('session.open', 1, { patienceMs: 2 ** 32 }), RangeError);
  assert.throws(() => encodeRequest('session.open', 1, { patienceMs: -1 }), RangeError);
});
