import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { encodeFrame, FrameDecoder, FrameError } from '../../../servers/wire/frame.ts';
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../../servers/wire/methods.ts';

/** Largest body that fits into a frame. */
const MAX_BODY_BYTES = MAX_FRAME_BYTES - HEADER_BYTES;

const plainFrame = fc.record(
  {
    kind: fc.integer({ min: 1, max: 6 }),
    method: fc.integer({ min: 0, max: 0xffff }),
    callId: fc.integer({ min: 0, max: 0xffffffff }),
    body: fc.uint8Array({ maxLength: 300 }),
  },
  { noNullPrototype: true },
);

interface Plain {
  readonly kind: number;
  readonly method: number;
  readonly callId: number;
  readonly body: Uint8Array;
}

const encode = ({ kind, method, callId, body }: Plain): Buffer => encodeFrame(kind, method, callId, body);

function decode(chunks: Iterable<Buffer>): { frames: Plain[]; pendingBytes: number } {
  const decoder = new FrameDecoder();
  const frames: Plain[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      frames.push({
        kind: frame.kind,
        method: frame.method,
        callId: frame.callId,
        body: new Uint8Array(frame.body),
      });
    }
  }
  return { frames, pendingBytes: decoder.pendingBytes };
}

function* cutInto(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let offset = 0;
  for (let i = 0; offset < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    yield Buffer.from(bytes.subarray(offset, offset + size));
    offset += size;
  }
}

test('what was encoded comes out again, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(plainFrame, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
      (frames, sizes) => {
        const stream = Buffer.concat(frames.map(encode));
        assert.deepEqual(decode(cutInto(stream, sizes)), { frames, pendingBytes: 0 });
      },
    ),
  );
});

test('three frames come out whole at every possible split point', () => {
  const frames: Plain[] = [0, 5, 40].map((size, i) => ({
    kind: i + 1,
    method: i,
    callId: i * 7,
    body: new Uint8Array(size).fill(i),
  }));
  const stream = Buffer.concat(frames.map(encode));
  for (let at = 0; at <= stream.length; at += 1) {
    assert.deepEqual(decode([stream.subarray(0, at), stream.subarray(at)]), { frames, pendingBytes: 0 });
  }
});

test('a truncated stream gives its whole frames and reports the rest', () => {
  fc.assert(
    fc.property(fc.array(plainFrame, { minLength: 1, maxLength: 4 }), fc.nat(), (frames, cut) => {
      const stream = Buffer.concat(frames.map(encode));
      const kept = cut % stream.length;
      const { frames: out, pendingBytes } = decode([stream.subarray(0, kept)]);
      assert.deepEqual(out, frames.slice(0, out.length));
      assert.equal(out.reduce((sum, frame) => sum + encode(frame).length, 0) + pendingBytes, kept);
    }),
  );
});

test('any bytes either parse or raise a FrameError, and never anything else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 10 }), (chunks) => {
      try {
        decode(chunks.map((chunk) => Buffer.from(chunk)));
      } catch (error) {
        assert.ok(error instanceof FrameError);
      }
    }),
    { numRuns: 500 },
  );
});

test('a claimed length is refused before anything is allocated for it', () => {
  for (const claimed of [0, 7, MAX_FRAME_BYTES + 1, 0xffffffff]) {
    const decoder = new FrameDecoder();
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(claimed);
    decoder.push(bytes);
    assert.throws(() => decoder.next(), FrameError);
  }
});

test('a wrong version or kind is refused as soon as its byte is there', () => {
  const header = encodeFrame(1, 1, 1, new Uint8Array(100));
  for (const [offset, value] of [
    [4, 2],
    [5, 0],
    [5, 7],
  ] as const) {
    const decoder = new FrameDecoder();
    const start = Buffer.from(header.subarray(0, offset + 2));
    start[offset] = value;
    decoder.push(start);
    assert.throws(() => decoder.next(), FrameError);
  }
});

test('the largest frame passes and one byte more does not', () => {
  const body = new Uint8Array(MAX_BODY_BYTES);
  assert.equal(decode([encodeFrame(1, 1, 1, body)]).frames[0]?.body.length, MAX_BODY_BYTES);
  assert.throws(() => encodeFrame(1, 1, 1, new Uint8Array(MAX_BODY_BYTES + 1)), RangeError);
});

test('the memory of an unfinished frame follows the bytes received, not the length claimed', () => {
  const header = encodeFrame(1, 1, 1, new Uint8Array(MAX_BODY_BYTES)).subarray(0, 12);
  const before = process.memoryUsage().arrayBuffers;
  const decoders = Array.from({ length: 1000 }, () => {
    const decoder = new FrameDecoder();
    for (const byte of header) {
      decoder.push(Buffer.of(byte));
      decoder.next();
    }
    return decoder;
  });
  assert.equal(decoders.length, 1000);
  assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
});
