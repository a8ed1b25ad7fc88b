/** A short regular conversation in the protocol of each service. */
import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import type { ServiceName } from '../../../servers/services/registry.ts';
import { ERROR_CODES } from '../../../servers/wire/methods.ts';
import type { ErrorName } from '../../../servers/wire/methods.ts';
import { Client, ConnectionEnded, ServerSaid } from './client.ts';
import { parseProcessList, topProcess } from '../../../servers/wire/process-list.ts';

const payload = Buffer.from('a few bytes');

const SPEECHES: Readonly<Record<ServiceName, (client: Client) => Promise<void>>> = {
  echo: async (client) => {
    for (const size of [0, 11, 100_000]) {
      const bytes = Buffer.alloc(size, 'e');
      assert.deepEqual(await client.call('echo', { payload: bytes }), { payload: bytes });
    }
  },
  session: async (client) => {
    assert.ok((await client.call('session.open', { patienceMs: 60_000 })).waitedMs >= 0);
    for (let i = 0; i < 3; i += 1) {
      assert.deepEqual(await client.call('session.message', { payload }), { payload });
    }
    assert.deepEqual(await client.call('session.close', {}), { exchanges: 3 });
    assert.equal(await client.ended(), 'closed');
  },
  work: async (client) => {
    const reply = await client.call('work', { cpuUs: 300, payload });
    assert.ok(reply.burnedUs >= 300, `burned ${reply.burnedUs} of 300 µs`);
    assert.deepEqual(reply.payload, payload);
  },
  chat: async (client) => {
    const name = `visitor-${client.port}`;
    assert.ok((await client.call('chat.join', { name })).present >= 0);
    for (const sequence of [1, 2]) {
      assert.deepEqual(await client.call('chat.say', { text: 'hello' }), { sequence });
    }
    assert.deepEqual(await client.call('chat.leave', {}), { said: 2 });
    assert.equal(await client.ended(), 'closed');
  },
  topn: async (client) => {
    const { processes, file } = await client.call('topn.list', { count: 5n });
    assert.equal(processes, 5);
    const answer = await client.chunks('topn.fetch', { file });
    const text = Buffer.concat(answer.chunks.map(({ bytes }) => bytes));
    assert.deepEqual(answer.end, { bytes: text.length, crc32: crc32(text) });
    const top = topProcess(parseProcessList(text.toString()) ?? []);
    assert.ok(top);
    const { name, pid } = top;
    const [userTicks, systemTicks] = [BigInt(top.userTicks), BigInt(top.systemTicks)];
    assert.deepEqual(await client.call('topn.report', { name, pid, userTicks, systemTicks }), {});
  },
  stevens: async (client) => {
    client.send('4000\n7\n');
    assert.equal((await client.read(4007)).length, 4007);
    client.send('1048576\n');
    await client.read(1_048_576);
  },
  names: async (client) => {
    const place = { host: '127.0.0.1', port: 4711 };
    await client.call('names.register', { name: 'here', ...place, ttlMs: 60_000 });
    const { ttlMs, ...found } = await client.call('names.lookup', { name: 'here' });
    assert.deepEqual(found, place);
    assert.ok(ttlMs > 0 && ttlMs <= 60_000);
    const { entries } = await client.call('names.list', { after: '', limit: 10 });
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['here'],
    );
    await assert.rejects(client.call('names.lookup', { name: 'nowhere' }), saying('not-found'));
  },
  counter: async (client) => {
    const { total } = await client.call('counter.add', { by: 2 });
    assert.ok(total >= 2n && total % 2n === 0n);
    const sums = await client.call('counter.read', {});
    assert.ok(sums.total >= total && sums.updates >= 1n);
  },
  cookie: async (client) => {
    const first = await client.call('cookie.add', { cookie: Buffer.alloc(0), by: 40 });
    const second = await client.call('cookie.add', { cookie: first.cookie, by: 2 });
    assert.equal(second.total, 42n);
    const forged = Buffer.from(second.cookie);
    forged[0] = 1;
    await assert.rejects(client.call('cookie.add', { cookie: forged, by: 1 }), saying('bad-signature'));
  },
  http: async (client) => {
    const post = `POST /echo HTTP/1.1\r\nhost: here\r\ncontent-length: 5\r\n\r\nhello`;
    // Two in one piece: the second must not wait for anything.
    client.send(post + post);
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await client.httpReply();
      assert.deepEqual([status, body], [200, 'hello']);
    }
    client.send('GET /work?cpu=200us HTTP/1.1\r\nhost: here\r\n\r\n');
    const { status, body } = await client.httpReply();
    assert.equal(status, 200);
    assert.ok(Number(body) >= 200, `burned ${body}`);
  },
  nested: async (client) => {
    const { path } = await client.call('nested.call', { hops: 2, deadlineMs: 60_000, payload });
    assert.deepEqual(path, [1, 2, 3]);
  },
};

/** Matches the error frame of that name. */
export function saying(name: ErrorName): (error: unknown) => boolean {
  return (error) => error instanceof ServerSaid && error.code === ERROR_CODES[name];
}

/** Speaks with the service, and checks every answer. */
export async function converse(client: Client, service: ServiceName): Promise<void> {
  await SPEECHES[service](client);
}

/** Whether one client has its whole conversation; not, when the server ends the connection before. */
export async function isServed(port: number, service: ServiceName): Promise<boolean> {
  using client = await Client.connect(port);
  try {
    await converse(client, service);
    await client.close();
    return true;
  } catch (error) {
    if (error instanceof ConnectionEnded) return false;
    throw error;
  }
}

/** Has the server serve this client: returns when a first answer shows it. */
export async function beServed(client: Client): Promise<void> {
  await client.call('session.open', { patienceMs: 0 });
}
