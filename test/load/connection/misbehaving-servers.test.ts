import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { ErrorKind } from '../../../harness/results/schema/load.ts';
import { encodeError, encodeRequest } from '../../../servers/wire/body.ts';
import { KIND_OFFSET } from '../../../servers/wire/frame.ts';
import { KINDS } from '../../../servers/wire/methods.ts';
import { eachFrame, freePort, replyTo, serve, serveBytes } from '../fixtures/servers.ts';
import { runClients, unaccounted } from '../fixtures/run-shard.ts';
import { eventually } from '../../waiting.ts';

const REQUEST = encodeRequest('echo', 7, { payload: new Uint8Array(64).fill(120) });

/** One exchange against a server that answers with `answer`: how it was counted. */
async function errorsAgainst(onConnection: Parameters<typeof serve>[0], deadlineMs = 60_000) {
  await using server = await serve(onConnection);
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchange(REQUEST, { deadlineMs });
  });
  assert.equal(unaccounted(result.exchanges), 0);
  assert.equal(unaccounted(result.connects), 0);
  return result;
}

async function assertOnlyError(
  kind: ErrorKind,
  onConnection: Parameters<typeof serve>[0],
  deadlineMs = 60_000,
) {
  const result = await errorsAgainst(onConnection, deadlineMs);
  assert.deepEqual(result.exchanges.errors, { [kind]: 1 });
  assert.equal(result.clients.failed, 1);
  assert.equal(result.firstErrors[0]?.kind, kind);
  return result.firstErrors[0]?.message ?? '';
}

void test('a server that accepts and never answers is counted as a deadline', async () => {
  await assertOnlyError('deadline', () => undefined, 30);
});

void test('a server that resets is counted as a reset', async () => {
  await assertOnlyError('reset', (socket) => socket.on('data', () => socket.resetAndDestroy()));
});

void test('a server that closes instead of answering is counted as closed', async () => {
  await assertOnlyError('closed', (socket) => socket.on('data', () => socket.end()));
});

void test('half an answer and then the end is counted as closed, in the middle of a message', async () => {
  const message = await assertOnlyError('closed', (socket) => {
    eachFrame(socket, (frame) => socket.end(replyTo(frame).subarray(0, 40)));
  });
  assert.match(message, /in the middle of a message/);
});

void test('garbage is counted as a protocol error', async () => {
  await assertOnlyError('protocol', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
});

void test('a length prefix of 4 GiB is counted as a protocol error before anything is allocated for it', async () => {
  const message = await assertOnlyError('protocol', (socket) => socket.write(Buffer.alloc(8, 255)));
  assert.match(message, /4294967295/);
});

void test('an answer to a call that nobody made is counted as a protocol error', async () => {
  await assertOnlyError('protocol', (socket) => {
    eachFrame(socket, (frame) => {
      const reply = replyTo(frame);
      reply.writeUInt32BE(8, 8);
      socket.write(reply);
    });
  });
});

void test('an error frame that does not parse is counted as a protocol error', async () => {
  await assertOnlyError('protocol', (socket) => {
    eachFrame(socket, (frame) => {
      const reply = replyTo(frame);
      reply[KIND_OFFSET] = KINDS.error;
      socket.write(reply);
    });
  });
});

void test('a typed error other than busy is counted as an answer, with its words', async () => {
  const message = await assertOnlyError('answer', (socket) => {
    eachFrame(socket, (frame) =>
      socket.write(encodeError(frame.method, frame.callId, 'internal', 'it broke')),
    );
  });
  assert.match(message, /it broke/);
});

void test('an answer that comes one byte at a time is an answer', async () => {
  const result = await errorsAgainst((socket) => {
    eachFrame(socket, (frame) => {
      const reply = replyTo(frame);
      let at = 0;
      const next = (): void => {
        if (at < reply.length) socket.write(reply.subarray(at, ++at), () => setImmediate(next));
      };
      next();
    });
  });
  assert.equal(result.exchanges.completed, 1);
});

void test('a server that says busy before it was asked, and closes, has turned the client away', async () => {
  let hasClosed = false;
  await using server = await serve((socket) =>
    socket.end(encodeError(0, 0, 'busy', 'full'), () => (hasClosed = true)),
  );
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await eventually('the server to close', () => hasClosed);
    await connection.exchange(REQUEST);
  });
  assert.deepEqual(result.exchanges.errors, { busy: 1 });
  assert.equal(result.clients.lost, 1);
});

void test('a port on which nobody listens is counted as a refused connect', async () => {
  const result = await runClients({ port: await freePort(), clients: 3 }, async (client) => {
    await client.connect();
  });
  assert.deepEqual(result.connects.errors, { refused: 3 });
  assert.equal(result.clients.failed, 3);
  assert.match(result.firstErrors[0]?.message ?? '', /ECONNREFUSED/);
});

void test('raw bytes beyond what was asked for are counted as a protocol error', async () => {
  await using server = await serveBytes();
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect({ framing: 'raw' });
    await connection.exchange(Buffer.from('12345678'), { replyBytes: 4 });
  });
  assert.deepEqual(result.exchanges.errors, { protocol: 1 });
});

void test('an exchange on a connection that has ended meanwhile fails with what ended it', async () => {
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => socket.end(replyTo(frame)));
  });
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchanges({ request: REQUEST, count: 3, thinkMs: 20 });
  });
  assert.equal(result.exchanges.completed, 1);
  assert.deepEqual(result.exchanges.errors, { closed: 1 });
  assert.equal(unaccounted(result.exchanges), 0);
});
