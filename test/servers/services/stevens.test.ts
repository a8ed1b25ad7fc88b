import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { CountDecoder } from '../../../servers/services/stevens.ts';

function decode(chunks: Iterable<Buffer>): number[] {
  const decoder = new CountDecoder();
  const counts: number[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let count = decoder.next(); count !== undefined; count = decoder.next()) counts.push(count);
  }
  assert.ok(decoder.pendingBytes <= 7);
  return counts;
}

test('lines come out as numbers, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1_048_576 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 9 }),
      (counts, size) => {
        const stream = Buffer.from(counts.map((count) => `${count}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
          stream.subarray(i * size, (i + 1) * size),
        );
        assert.deepEqual(decode(chunks), counts);
      },
    ),
  );
});

test('a line that is no number from 1 to 1,048,576 is refused, as early as it shows', () => {
  for (const text of ['0\n', '1048577\n', '-1\n', 'x', '\n', '12 \n', '12345678', '4000\r\n']) {
    assert.throws(() => decode([Buffer.from(text)]), RangeError, JSON.stringify(text));
  }
});

test('any bytes are counts or a RangeError, and never kept beyond one line', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 }), (chunks) => {
      try {
        decode(chunks.map((chunk) => Buffer.from(chunk)));
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
  );
});
