/** Calls that cannot be answered: each gets a typed error frame, and the server goes on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findVariant } from '../../servers/catalogue.ts';
import { encodeFrame } from '../../servers/wire/frame.ts';
import { KINDS, METHODS } from '../../servers/wire/methods.ts';
import type { RequestOf } from '../../servers/wire/methods.ts';
import type { ServiceName } from '../../servers/services/registry.ts';
import type { Variant } from '../../servers/variant.ts';
import { samples } from '../scope.ts';
import { Client } from './conformance/client.ts';
import { start } from './conformance/server.ts';
import { converse, saying } from './conformance/speech.ts';

/** One that keeps what is shared in its own memory, and one whose workers are processes. */
const LOOP = findVariant('ts-loop') as Variant;
const POOL = findVariant('ts-prefork-pass') as Variant;

const place = { name: 'here', host: '127.0.0.1', port: 4711, ttlMs: 1000 };

const BAD_PLACES: readonly Partial<RequestOf<'names.register'>>[] = [
  { name: '' },
  { name: 'n'.repeat(256) },
  { host: '' },
  { port: 0 },
  { port: 65_536 },
  { ttlMs: 0 },
  { ttlMs: 86_400_001 },
];

interface Attack {
  readonly service: ServiceName;
  /** Those whose own code answers; the others, where all is tried. */
  readonly variants: readonly Variant[];
  readonly what: string;
  readonly run: (client: Client) => Promise<void>;
  /** What the server has counted of it, and of one whole conversation. */
  readonly counted: Readonly<Record<string, number>>;
}

const ATTACKS: readonly Attack[] = [
  {
    service: 'names',
    variants: [LOOP, POOL],
    what: 'a name that nobody registered is not-found, a bad place or limit a bad-argument',
    run: async (client) => {
      await assert.rejects(client.call('names.lookup', { name: 'nobody' }), saying('not-found'));
      for (const bad of BAD_PLACES) {
        await assert.rejects(client.call('names.register', { ...place, ...bad }), saying('bad-argument'));
      }
      for (const limit of [0, 1001]) {
        const list = client.call('names.list', { after: '', limit });
        await assert.rejects(list, saying('bad-argument'));
      }
    },
    counted: { registered: 1 },
  },
  {
    service: 'cookie',
    variants: samples([LOOP, POOL], 1),
    what: 'a cookie with a wrong signature is bad-signature',
    run: async (client) => {
      for (const cookie of [Buffer.alloc(40), Buffer.alloc(39), Buffer.of(1)]) {
        await assert.rejects(client.call('cookie.add', { cookie, by: 1 }), saying('bad-signature'));
      }
    },
    counted: { forged: 4 },
  },
  {
    service: 'nested',
    variants: samples([LOOP, POOL], 1),
    what: 'hops or a deadline out of range is a bad-argument',
    run: async (client) => {
      const payload = Buffer.alloc(0);
      for (const bad of [
        { hops: 65, deadlineMs: 100 },
        { hops: 1, deadlineMs: 0 },
        { hops: 1, deadlineMs: 60_001 },
      ]) {
        await assert.rejects(client.call('nested.call', { ...bad, payload }), saying('bad-argument'));
      }
    },
    counted: {},
  },
  {
    service: 'counter',
    variants: [LOOP],
    what: 'nothing is added',
    run: async () => {},
    counted: { updates: 1 },
  },
];

describe('a call that cannot be answered', { concurrency: 2 }, () => {
  for (const { service, variants, what, run, counted } of ATTACKS) {
    for (const variant of variants) {
      test(`${service} under ${variant.name}: ${what}; an unknown method is answered, a frame that is cut off counted as reset`, async () => {
        await using server = await start(variant, { service, workers: 2 });
        using truncated = await Client.connect(server.port);
        truncated.send(
          encodeFrame(KINDS.request, METHODS['counter.read'].id, 7, Buffer.alloc(9)).subarray(0, 15),
        );
        await truncated.close();
        using client = await Client.connect(server.port);
        client.send(encodeFrame(KINDS.request, 999, 7, Buffer.alloc(0)));
        assert.equal((await client.frame()).kind, KINDS.error);
        await run(client);
        await converse(client, service);
        await client.close();
        const stats = await server.stop();
        assert.deepEqual([stats.served, stats.reset, stats.broken], [1, 1, 0]);
        for (const [figure, count] of Object.entries(counted))
          assert.equal(stats.service[figure], count, figure);
      });
    }
  }

  test('http: what is no request gets its status and ends; a cut-off one is counted as reset', async () => {
    await using server = await start(LOOP, { service: 'http' });
    for (const [text, status] of [
      ['hello\r\n\r\n', 400],
      ['GET /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n', 501],
      ['POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 9999999\r\n\r\n', 413],
    ] as const) {
      using client = await Client.connect(server.port);
      client.send(text);
      assert.equal((await client.httpReply()).status, status);
      assert.equal(await client.ended(), 'closed');
    }
    using truncated = await Client.connect(server.port);
    truncated.send('POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nfour');
    await truncated.close();
    using client = await Client.connect(server.port);
    for (const [request, status] of [
      ['GET /nowhere HTTP/1.1', 404],
      ['DELETE /echo HTTP/1.1', 405],
      ['GET /work?cpu=1h HTTP/1.1', 400],
    ] as const) {
      client.send(`${request}\r\nhost: a\r\n\r\n`);
      assert.equal((await client.httpReply()).status, status);
    }
    await converse(client, 'http');
    await client.close();
    const stats = await server.stop();
    assert.deepEqual([stats.served, stats.reset, stats.broken], [1, 1, 3]);
  });

  test('http: who is turned away is told to come back later', async () => {
    await using server = await start(findVariant('ts-prethread-queue') as Variant, {
      service: 'http',
      workers: 1,
      patienceMs: 2000,
    });
    using served = await Client.connect(server.port);
    await converse(served, 'http');
    using waiting = await Client.connect(server.port);
    const { status, head } = await waiting.httpReply();
    assert.equal(status, 503);
    assert.match(head, /^retry-after: 1\r$/m);
  });
});
