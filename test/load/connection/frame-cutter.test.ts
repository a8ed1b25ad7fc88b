import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from '../../property.ts';
import { FrameCutter } from '../../../harness/load/connection/frame-cutter.ts';
import { encodeFrame } from '../../../servers/wire/frame.ts';

class Collector extends FrameCutter {
  readonly frames: string[] = [];
  #room: number;

  constructor(room = Infinity) {
    super();
    this.#room = room;
  }

  push(bytes: Uint8Array, start: number, end: number): string | undefined {
    return this.cut(bytes, start, end);
  }

  get partial(): boolean {
    return this.midFrame;
  }

  protected override onFrame(bytes: Uint8Array, start: number, end: number): boolean {
    this.frames.push(Buffer.from(bytes.slice(start, end)).toString('hex'));
    return --this.#room > 0;
  }
}

/** Feeds the stream in pieces through one shared buffer, as a connection does. */
function cut(stream: Uint8Array, sizes: readonly number[]) {
  const cutter = new Collector();
  const shared = new Uint8Array(Math.max(1, stream.length));
  let problem: string | undefined;
  let k = 0;
  for (let at = 0; at < stream.length && !problem; k++) {
    const size = Math.min(sizes[k % sizes.length] ?? 1, stream.length - at);
    shared.fill(0xee);
    // Where in the buffer they come is nobody's business.
    const start = (k * 7) % (shared.length - size + 1);
    shared.set(stream.subarray(at, at + size), start);
    problem = cutter.push(shared, start, start + size);
    at += size;
  }
  return { frames: cutter.frames, problem, partial: cutter.partial };
}

const frame = fc
  .record({ kind: fc.integer({ min: 1, max: 6 }), call: fc.nat(), body: fc.uint8Array({ maxLength: 3000 }) })
  .map(({ kind, call, body }) => encodeFrame(kind, 1, call, body));
const pieces = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });

void test('the same frames come out however the stream is split', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 12 }), pieces, (frames, sizes) => {
      const got = cut(Buffer.concat(frames), sizes);
      assert.deepEqual(
        got.frames,
        frames.map((one) => one.toString('hex')),
      );
      assert.equal(got.problem, undefined);
      assert.equal(got.partial, false);
    }),
    { numRuns: 200 },
  );
});

void test('a frame split at any point is held, and known to be partial', () => {
  const whole = encodeFrame(2, 1, 9, Buffer.from('some bytes of a body'));
  for (let at = 1; at < whole.length; at++) {
    const got = cut(whole.subarray(0, at), [at]);
    assert.deepEqual([got.frames.length, got.partial, got.problem], [0, true, undefined]);
    assert.equal(cut(whole, [at, whole.length]).frames.length, 1);
  }
});

void test('any bytes at all give frames, a remainder or a problem, and never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), pieces, (bytes, sizes) => {
      const whole = cut(bytes, [bytes.length]);
      const split = cut(bytes, sizes);
      assert.equal(split.problem === undefined, whole.problem === undefined);
      if (!whole.problem) assert.deepEqual(split.frames, whole.frames);
    }),
    { numRuns: 500 },
  );
});

void test('a length out of range, another version and an unknown kind are told as soon as they can be seen', () => {
  assert.match(cut(Buffer.from([0, 0, 0, 7]), [4]).problem ?? '', /claims 7 bytes/);
  assert.match(cut(Buffer.from([0, 16, 0, 1]), [4]).problem ?? '', /claims 1048577 bytes/);
  assert.match(cut(Buffer.from([0, 0, 0, 8, 2]), [5]).problem ?? '', /version 2/);
  assert.match(cut(Buffer.from([0, 0, 0, 8, 1, 7]), [6]).problem ?? '', /kind 7/);
});

void test('a reader that has had enough gets no more frames', () => {
  const two = Buffer.concat([encodeFrame(2, 1, 1, Buffer.of(1)), encodeFrame(2, 1, 2, Buffer.of(2))]);
  const satisfied = new Collector(1);
  satisfied.push(two, 0, two.length);
  assert.equal(satisfied.frames.length, 1);
});
