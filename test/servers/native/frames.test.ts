/** The decoder in C against the one in TypeScript, under the sanitizers: any bytes, however they are split on the way. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from '../../property.ts';
import { findVariant } from '../../../servers/catalogue.ts';
import { decodeError, decodeRequest, encodeRequest } from '../../../servers/wire/body.ts';
import { encodeFrame, FrameDecoder, FrameError } from '../../../servers/wire/frame.ts';
import type { Frame } from '../../../servers/wire/frame.ts';
import { ERROR_CODES, KINDS, METHODS } from '../../../servers/wire/methods.ts';
import { start } from '../conformance/server.ts';
import { within } from '../../waiting.ts';
import { build, SANITIZED_SERVER } from './build.ts';
import { EXHAUSTIVE } from '../../scope.ts';

const built = build('sanitize');

/** What an answer says, without the wording of its message. */
type Answer = readonly [callId: number, payload: string] | readonly [callId: number, code: number];

function answerTo(frame: Frame): Answer {
  if (frame.kind !== KINDS.request) throw new FrameError('no request');
  if (frame.method !== METHODS.echo.id) return [frame.callId, ERROR_CODES['unknown-method']];
  return [frame.callId, Buffer.from(decodeRequest('echo', frame.body).payload).toString('hex')];
}

interface Expected {
  /** Of a bad frame the call may be unknown. */
  readonly answers: readonly Answer[];
  /** Bytes in front of the first bad frame, or all. */
  readonly goodBytes: number;
}

/** What an echo server must answer to these bytes. */
function expected(bytes: Buffer): Expected {
  const answers: Answer[] = [];
  const decoder = new FrameDecoder();
  let goodBytes = 0;
  decoder.push(bytes);
  try {
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      answers.push(answerTo(frame));
      goodBytes += frame.bytes.length;
    }
    return { answers, goodBytes: bytes.length };
  } catch (error) {
    assert.ok(error instanceof FrameError);
    return { answers: [...answers, [0, ERROR_CODES['bad-frame']]], goodBytes };
  }
}

function answersIn(bytes: Buffer): Answer[] {
  const decoder = new FrameDecoder();
  decoder.push(bytes);
  const answers: Answer[] = [];
  for (let frame = decoder.next(); frame; frame = decoder.next()) {
    if (frame.kind === KINDS.reply) {
      answers.push([frame.callId, frame.body.subarray(4).toString('hex')]);
    } else {
      const { code } = decodeError(frame.body);
      answers.push([code === ERROR_CODES['bad-frame'] ? 0 : frame.callId, code]);
    }
  }
  assert.equal(decoder.pendingBytes, 0);
  return answers;
}

async function exchange(port: number, chunks: readonly Buffer[]): Promise<Buffer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  const answer = buffer(socket);
  for (const chunk of chunks) {
    // One write after the other has left, so that the splits are seen by the server.
    await new Promise((resolve) => {
      socket.write(chunk, resolve);
    });
  }
  socket.end();
  return within('the answers', answer);
}

const callId = fc.nat({ max: 0xffff_ffff });
const echoCall = fc
  .tuple(callId, fc.uint8Array({ maxLength: 300 }))
  .map(([id, payload]) => encodeRequest('echo', id, { payload }));
const anyFrame = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    fc.constantFrom(0, 1, 2, 999),
    callId,
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([kind, method, id, body]) => encodeFrame(kind, method, id, body));
const garbage = fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => Buffer.from(bytes));
const traffic = fc.array(
  fc.oneof({ weight: 6, arbitrary: echoCall }, { weight: 2, arbitrary: anyFrame }, garbage),
  {
    maxLength: 8,
  },
);

test('answers any bytes, split anywhere, as the decoder in TypeScript reads them', async (t) => {
  if (!built.ok) return t.skip(built.reason);
  const variant = findVariant('c-epoll');
  assert.ok(variant);
  const command: typeof variant.command = (options) => [
    SANITIZED_SERVER,
    ...variant.command(options).slice(1),
  ];
  await using server = await start({ ...variant, command }, { service: 'echo' });
  await fc.assert(
    fc.asyncProperty(traffic, fc.array(fc.nat(), { maxLength: 5 }), async (pieces, cuts) => {
      const bytes = Buffer.concat(pieces);
      const { answers, goodBytes } = expected(bytes);
      // After a bad frame the server closes: what came later would be lost, so it is sent along with it.
      const at = [0, ...cuts.map((cut) => cut % (goodBytes + 1)).toSorted((x, y) => x - y), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      assert.deepEqual(answersIn(await exchange(server.port, chunks)), answers);
    }),
    { numRuns: EXHAUSTIVE ? 200 : 60 },
  );
  await server.stop();
});
