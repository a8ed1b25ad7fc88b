import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { ExchangeError, LostClient } from '../../../harness/scenario/client.ts';
import { encodeFields, encodeRequest } from '../../../servers/wire/body.ts';
import { encodeFrame } from '../../../servers/wire/frame.ts';
import { KINDS } from '../../../servers/wire/methods.ts';
import { eachFrame, replyTo, serve, serveBusy, serveBytes, serveFrames } from '../fixtures/servers.ts';
import { runClients, unaccounted } from '../fixtures/run-shard.ts';
import { eventually } from '../../waiting.ts';

const REQUEST = encodeRequest('echo', 7, { payload: Buffer.from('hello') });

void test('an exchange gives back a copy of the whole answer, and is counted and timed', async () => {
  await using server = await serveFrames();
  const answers: Uint8Array[] = [];
  const result = await runClients({ port: server.port, clients: 3 }, async (client) => {
    await using connection = await client.connect();
    answers.push(await connection.exchange(REQUEST));
    answers.push(await connection.exchange(REQUEST));
  });
  assert.equal(answers.length, 6);
  for (const answer of answers) assert.deepEqual(Buffer.from(answer.subarray(12)), REQUEST.subarray(12));
  assert.deepEqual(result.clients, { asked: 3, completed: 3, lost: 0, failed: 0, stopped: 0 });
  assert.deepEqual(result.exchanges, { attempted: 6, completed: 6, errors: {}, inFlight: 0 });
  assert.deepEqual(result.connects, { attempted: 3, completed: 3, errors: {}, inFlight: 0 });
  assert.equal(result.bytesSent, 6 * REQUEST.length);
  assert.equal(result.bytesReceived, 6 * REQUEST.length);
});

void test('an answer in chunks is given back whole', async () => {
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => {
      socket.write(encodeFrame(KINDS.chunk, 1, frame.callId, Buffer.from('one')));
      socket.write(encodeFrame(KINDS.chunk, 1, frame.callId, Buffer.from('two')));
      socket.write(encodeFrame(KINDS.end, 1, frame.callId, Buffer.from('end')));
    });
  });
  let answer = new Uint8Array();
  const result = await runClients({ port: server.port }, async (client) => {
    await using connection = await client.connect();
    answer = (await connection.exchange(REQUEST)) as typeof answer;
  });
  assert.equal(
    Buffer.from(answer)
      .toString('latin1')
      .match(/one|two|end/g)
      ?.join(''),
    'onetwoend',
  );
  assert.equal(result.exchanges.completed, 1);
});

void test('a raw exchange waits for as many bytes as it expects', async () => {
  await using server = await serve((socket) => {
    socket.on('data', () => {
      socket.write('abc');
      setImmediate(() => socket.write('defg'));
    });
  });
  let answer: Uint8Array = new Uint8Array();
  await runClients({ port: server.port }, async (client) => {
    await using connection = await client.connect({ framing: 'raw' });
    answer = await connection.exchange(Buffer.from('7\n'), { replyBytes: 7 });
  });
  assert.equal(Buffer.from(answer).toString(), 'abcdefg');
});

void test('a large message goes and comes back whole in both framings', async () => {
  const payload = Buffer.alloc(900_000, 'holdfast ');
  await using framed = await serveFrames();
  await using raw = await serveBytes();
  const sizes: number[] = [];
  await runClients({ port: framed.port }, async (client) => {
    await using connection = await client.connect();
    const answer = await connection.exchange(encodeRequest('echo', 1, { payload }));
    sizes.push(answer.length);
    assert.ok(payload.equals(answer.subarray(16)));
  });
  await runClients({ port: raw.port }, async (client) => {
    await using connection = await client.connect({ framing: 'raw' });
    const answer = await connection.exchange(payload);
    sizes.push(answer.length);
    assert.ok(payload.equals(answer));
  });
  assert.deepEqual(sizes, [900_016, 900_000]);
});

void test('a loop asks each request in turn, shows each reply, and counts a wrong one as a mismatch', async () => {
  await using server = await serveFrames();
  const seen: string[] = [];
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchanges({
      request: (i) => encodeRequest('echo', i + 1, { payload: Buffer.from(`m${i}`) }),
      count: 5,
      onReply: (reply, i) => {
        seen.push(`${i}:${Buffer.from(reply.subarray(16)).toString()}`);
        return i < 3;
      },
    });
  });
  assert.deepEqual(seen, ['0:m0', '1:m1', '2:m2', '3:m3']);
  assert.equal(result.exchanges.completed, 3);
  assert.deepEqual(result.exchanges.errors, { mismatch: 1 });
  assert.equal(result.clients.failed, 1);
});

void test('think time is slept between exchanges and not after the last', async () => {
  await using server = await serveFrames();
  const result = await runClients({ port: server.port }, async (client) => {
    await using connection = await client.connect();
    await connection.exchanges({ request: REQUEST, count: 4, thinkMs: 10 });
  });
  assert.ok(result.window.thinkMs >= 30, `slept ${result.window.thinkMs} ms`);
  assert.ok(result.elapsedMs >= 30);
  assert.equal(result.exchanges.completed, 4);
});

void test('what pauses last beyond what was asked is known, in all and of the client that is done last', async () => {
  await using server = await serveFrames();
  const { pauses, lastLateMs, elapsedMs } = await runClients(
    { port: server.port, clients: 3 },
    async (client) => {
      await using connection = await client.connect();
      // The last client is the one that sleeps for longest.
      await client.sleep(1 + client.index * 40);
      await connection.exchanges({ request: REQUEST, count: 4, thinkMs: 5 });
    },
  );
  assert.equal(pauses.count, 3 * 4);
  assert.ok(Math.abs(pauses.askedMs - (3 * 16 + 40 + 80)) < 1e-6);
  assert.ok(lastLateMs > 0 && lastLateMs <= pauses.sleptMs - pauses.askedMs);
  // What is left above the floor is no pause of the client's.
  assert.ok(elapsedMs - lastLateMs >= 81 + 15);
});

void test('a think time under 1 ms is refused with a reason, and so is a sleep', async () => {
  await using server = await serveFrames();
  const loop = runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchanges({ request: REQUEST, count: 2, thinkMs: 0.5 });
  });
  await assert.rejects(loop, /0\.5 ms is shorter than the timers' grain of 1 ms/);
  const sleep = runClients({ port: server.port }, (client) => client.sleep(0.2));
  await assert.rejects(sleep, /grain of 1 ms/);
});

void test('messages that answer nothing are received in order, and the end of the stream is undefined', async () => {
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => {
      for (const text of ['a', 'b', 'c']) {
        socket.write(encodeFields(KINDS.event, 9, 0, { text: 'string' }, { text }));
      }
      socket.end(replyTo(frame));
    });
  });
  const got: (string | undefined)[] = [];
  const result = await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchange(REQUEST);
    for (let message = await connection.receive(); message; message = await connection.receive()) {
      got.push(Buffer.from(message.subarray(16)).toString());
    }
  });
  assert.deepEqual(got, ['a', 'b', 'c']);
  assert.equal(result.clients.completed, 1);
});

void test('a subscriber sees every loose message while exchanges go on', async () => {
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => {
      socket.write(encodeFrame(KINDS.event, 9, 0, Buffer.from('news')));
      socket.write(replyTo(frame));
    });
  });
  let news = 0;
  const result = await runClients({ port: server.port }, async (client) => {
    await using connection = await client.connect();
    connection.subscribe(() => news++);
    await connection.exchanges({ request: REQUEST, count: 20 });
  });
  assert.equal(news, 20);
  assert.equal(result.exchanges.completed, 20);
});

void test('a client that receives nothing makes the server wait, and loses nothing', async () => {
  const sent = 20_000;
  let isFull = false;
  await using server = await serve((socket) => {
    for (let i = 0; i < sent; i++) isFull = !socket.write(encodeFrame(KINDS.event, 9, 0, Buffer.alloc(1000)));
    socket.end();
  });
  let received = 0;
  await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await eventually('the server to have to wait', () => isFull);
    while (await connection.receive()) received++;
  });
  assert.equal(received, sent);
});

void test('receive gives up at its deadline, and can be asked again', async () => {
  await using server = await serveBytes();
  const result = await runClients({ port: server.port }, async (client) => {
    await using connection = await client.connect({ framing: 'raw' });
    await assert.rejects(connection.receive({ deadlineMs: 20 }), { kind: 'deadline' });
    await connection.send(Buffer.from('late'));
    const message = await connection.receive();
    assert.equal(Buffer.from(message ?? []).toString(), 'late');
  });
  assert.equal(result.clients.completed, 1);
});

void test('a busy answer loses the client and leaves no failure', async () => {
  await using server = await serveBusy();
  const result = await runClients({ port: server.port, clients: 4 }, async (client) => {
    const connection = await client.connect();
    await connection.exchange(REQUEST);
  });
  assert.deepEqual(result.clients, { asked: 4, completed: 0, lost: 4, failed: 0, stopped: 0 });
  assert.deepEqual(result.exchanges.errors, { busy: 4 });
  assert.equal(result.peak.count, 0);
});

void test('patience that is over loses the client; LostClient does too', async () => {
  await using server = await serve(() => undefined);
  const result = await runClients({ port: server.port, clients: 2 }, async (client) => {
    if (client.index === 1) throw new LostClient('gave up');
    const connection = await client.connect();
    await connection.exchange(REQUEST, { patienceMs: 20 });
  });
  assert.equal(result.clients.lost, 2);
  assert.deepEqual(result.exchanges.errors, { patience: 1 });
});

void test('a second exchange while one is under way is refused as a mistake of the scenario', async () => {
  await using server = await serve(() => undefined);
  const run = runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await Promise.all([connection.exchange(REQUEST), connection.exchange(REQUEST)]);
  });
  await assert.rejects(run, /an exchange is under way/);
});

void test('the error of a failed exchange says its kind', async () => {
  await using server = await serveBusy();
  let kind: string | undefined;
  await runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    try {
      await connection.exchange(REQUEST);
    } catch (error) {
      if (error instanceof ExchangeError) kind = error.kind;
    }
  });
  assert.equal(kind, 'busy');
});

void test('connections that a client leaves open are closed at its end', async () => {
  await using server = await serveFrames();
  const result = await runClients({ port: server.port, clients: 5 }, async (client) => {
    const connection = await client.connect();
    await connection.exchange(REQUEST);
  });
  assert.equal(result.peak.count >= 1, true);
  assert.equal(unaccounted(result.exchanges), 0);
  await eventually('the connections to be closed', () => server.sockets.size === 0);
});
