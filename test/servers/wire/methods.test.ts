import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { decodeFields, encodeFields } from '../../../servers/wire/body.ts';
import { FrameDecoder, FrameError } from '../../../servers/wire/frame.ts';
import { ERROR_FIELDS, KINDS, METHODS } from '../../../servers/wire/methods.ts';
import type { Field, Fields, Method } from '../../../servers/wire/methods.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Every body that there is: what it is called, its fields. */
const BODIES: readonly (readonly [name: string, fields: Fields])[] = [
  ...Object.entries<Method>(METHODS).flatMap(([name, { request, reply }]) => [
    [`${name} request`, request] as const,
    [`${name} reply`, reply] as const,
  ]),
  ['error', ERROR_FIELDS],
];

function anyField(field: Field): fc.Arbitrary<unknown> {
  switch (field) {
    case 'u32':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'i64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 12 });
    case 'bytes':
      return fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array));
    default: {
      const { list } = field;
      return fc.array(typeof list === 'string' ? anyField(list) : anyFields(list), { maxLength: 3 });
    }
  }
}

function anyFields(fields: Fields): fc.Arbitrary<Plain> {
  const each = Object.entries(fields).map(([name, field]) => [name, anyField(field)] as const);
  return fc.record(Object.fromEntries(each), { noNullPrototype: true });
}

const plain = (value: unknown): unknown => structuredClone(value);

for (const [name, fields] of BODIES) {
  test(`${name}: comes back as it was from a stream that is split anywhere, and from no part of it`, () => {
    fc.assert(
      fc.property(anyFields(fields), (before) => {
        const bytes = encodeFields(KINDS.request, 1, 1, fields, before);
        for (let split = 0; split < bytes.length; split += 1) {
          const decoder = new FrameDecoder();
          // Copies, as from two reads.
          decoder.push(Buffer.from(bytes.subarray(0, split)));
          assert.equal(decoder.next(), undefined, `after ${split} of ${bytes.length} bytes`);
          decoder.push(Buffer.from(bytes.subarray(split)));
          const frame = decoder.next();
          assert.ok(frame);
          assert.deepEqual(plain(decodeFields(fields, frame.body)), plain(before));
          if (split < frame.body.length) {
            assert.throws(() => decodeFields(fields, frame.body.subarray(0, split)), FrameError);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test(`${name}: any bytes either parse or raise a FrameError`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (array) => {
        try {
          decodeFields(fields, Buffer.from(array));
        } catch (error) {
          assert.ok(error instanceof FrameError);
        }
      }),
    );
  });
}
