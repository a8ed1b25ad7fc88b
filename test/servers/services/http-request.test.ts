import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../property.ts';
import { HttpDecoder, HttpError } from '../../../servers/services/http-request.ts';
import type { HttpRequest } from '../../../servers/services/http-request.ts';

const HEAD = 'POST /echo HTTP/1.1\r\nhost: here\r\n';

function read(...chunks: readonly (Buffer | string)[]): { requests: HttpRequest[]; pendingBytes: number } {
  const decoder = new HttpDecoder();
  const requests: HttpRequest[] = [];
  for (const chunk of chunks) {
    decoder.push(Buffer.from(chunk));
    for (let next = decoder.next(); next; next = decoder.next()) requests.push(next);
  }
  return { requests, pendingBytes: decoder.pendingBytes };
}

const statusOf = (...chunks: readonly (Buffer | string)[]): number | undefined => {
  try {
    read(...chunks);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HttpError, String(error));
    return error.status;
  }
};

test('pipelined requests come out one after another, however the stream is split', () => {
  const body = fc.uint8Array({ maxLength: 50 });
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(body, { maxLength: 5 }), sizes, (bodies, pieces) => {
      const stream = Buffer.concat(
        bodies.flatMap((bytes) => [Buffer.from(`${HEAD}Content-Length: ${bytes.length}\r\n\r\n`), bytes]),
      );
      const chunks: Buffer[] = [];
      for (let at = 0, i = 0; at < stream.length; i += 1) {
        const size = pieces[i % pieces.length] ?? 1;
        chunks.push(stream.subarray(at, at + size));
        at += size;
      }
      const { requests, pendingBytes } = read(...chunks);
      assert.deepEqual(
        requests.map((request) => new Uint8Array(request.body)),
        bodies,
      );
      assert.equal(pendingBytes, 0);
    }),
  );
});

test('a connection is kept or not as version and header say', () => {
  const kept = (text: string): boolean | undefined => read(text).requests[0]?.keepAlive;
  assert.equal(kept('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), true);
  assert.equal(kept('GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n'), false);
  assert.equal(kept('GET / HTTP/1.0\r\n\r\n'), false);
  assert.equal(kept('GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n'), true);
});

test('an empty line before a request is passed over', () => {
  assert.equal(read(`\r\n\r\n${HEAD}\r\n`).requests.length, 1);
});

test('a request that has not come whole is pending, its body too', () => {
  assert.ok(read(HEAD).pendingBytes > 0);
  assert.ok(read(`${HEAD}content-length: 3\r\n\r\n`).pendingBytes > 0);
  assert.ok(read(`${HEAD}content-length: 3\r\n\r\nab`).pendingBytes > 0);
});

test('what is no request, or could hide one, or asks for too much, has the status that says so', () => {
  const cases: readonly (readonly [text: string, status: number])[] = [
    ['hello', 400],
    ['\x16\x03\x01', 400],
    ['GET /\r\n\r\n', 400],
    ['GET / HTTP/2.0\r\nhost: a\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    [`${HEAD}host: there\r\n\r\n`, 400],
    [`${HEAD}no colon\r\n\r\n`, 400],
    [`${HEAD}name : x\r\n\r\n`, 400],
    [`${HEAD}x: a\nb: c\r\n\r\n`, 400],
    [`${HEAD} folded\r\n\r\n`, 400],
    [`${HEAD}content-length: -1\r\n\r\n`, 400],
    [`${HEAD}content-length: 1, 1\r\n\r\n`, 400],
    [`${HEAD}content-length: 1\r\ncontent-length: 1\r\n\r\na`, 400],
    [`${HEAD}content-length: 1048577\r\n\r\n`, 413],
    [`${HEAD}transfer-encoding: chunked\r\n\r\n`, 501],
    [`${HEAD}expect: 100-continue\r\n\r\n`, 417],
    [`${HEAD}x: ${'a'.repeat(20_000)}`, 431],
  ];
  for (const [text, status] of cases) assert.equal(statusOf(text), status, JSON.stringify(text.slice(0, 80)));
});

test('a head of many blanks is read whole', () => {
  assert.equal(read(`${HEAD}x: ${' '.repeat(16_000)}a\r\n\r\n`).requests.length, 1);
});

test('any bytes either parse or raise an HttpError', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    fc.string().map((text) => Buffer.from(`${HEAD}${text}\r\n\r\n`)),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 4 }), (chunks) => {
      statusOf(...chunks);
    }),
    { numRuns: 500 },
  );
});
