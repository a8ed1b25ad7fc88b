/** Clients that mean harm or know no better: each is answered or ended, and others are served on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { decodeError, encodeRequest } from '../../../servers/wire/body.ts';
import { encodeFrame } from '../../../servers/wire/frame.ts';
import { ERROR_CODES, KINDS } from '../../../servers/wire/methods.ts';
import { CLIENT } from '../native/build.ts';
import { serving } from './case.ts';
import type { Case } from './case.ts';
import { Client } from './client.ts';
import { descendants, descriptorsOf } from './processes.ts';
import { start } from './server.ts';
import { converse, isServed } from './speech.ts';
import { eventually, within } from '../../waiting.ts';

const GIGABYTES_4 = Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 1, 0, 1, 0, 0, 0, 1]);
const GARBAGE = Buffer.from('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
const REPLY_FROM_CLIENT = encodeFrame(KINDS.reply, 1, 7, Buffer.alloc(4));
const BODY_TOO_SHORT = encodeFrame(KINDS.request, 1, 7, Buffer.from([0, 0, 0, 9, 1]));

export const HOSTILE_CASES: readonly Case[] = [
  {
    name: 'answers bytes that are no frame with an error, closes, and serves others on',
    run: async (variant) => {
      await using server = await start(variant, { service: 'echo', ...serving(variant, 1) });
      const attacks = [GARBAGE, GIGABYTES_4, REPLY_FROM_CLIENT, BODY_TOO_SHORT];
      for (const bytes of attacks) {
        using client = await Client.connect(server.port);
        client.send(bytes);
        const frame = await client.frame();
        assert.equal(frame.kind, KINDS.error);
        assert.equal(decodeError(frame.body).code, ERROR_CODES['bad-frame']);
        assert.equal(await client.ended(), 'closed');
      }
      using truncated = await Client.connect(server.port);
      truncated.send(encodeFrame(KINDS.request, 1, 7, Buffer.alloc(100)).subarray(0, 50));
      await truncated.close();
      using regular = await Client.connect(server.port);
      await converse(regular, 'echo');
      await regular.close();
      const stats = await server.stop();
      assert.deepEqual([stats.broken, stats.reset, stats.served], [attacks.length, 1, 1]);
    },
  },
  {
    name: 'answers an unknown method with an error and goes on with the connection',
    run: async (variant) => {
      await using server = await start(variant, { service: 'echo', ...serving(variant, 1) });
      using client = await Client.connect(server.port);
      client.send(encodeFrame(KINDS.request, 999, 7, Buffer.alloc(0)));
      const frame = await client.frame();
      assert.deepEqual([frame.kind, frame.callId], [KINDS.error, 7]);
      assert.equal(decodeError(frame.body).code, ERROR_CODES['unknown-method']);
      await converse(client, 'echo');
      await client.close();
      assert.equal((await server.stop()).served, 1);
    },
  },
  {
    name: 'ends a client that asks for much and never reads, in bounded memory',
    run: async (variant) => {
      await using server = await start(variant, { service: 'stevens', idleMs: 1000, ...serving(variant, 1) });
      using greedy = await Client.connect(server.port);
      greedy.stopReading();
      greedy.send('1048576\n'.repeat(2000));
      // On a machine that is slow enough others may be taken for idle as well, and come again.
      await eventually('another to be served', () => isServed(server.port, 'stevens'));
      const stats = await server.stop();
      assert.ok(stats.idled >= 1, JSON.stringify(stats));
      assert.ok(
        (stats.service['bytes'] ?? 0) < 200e6,
        `${stats.service['bytes']} bytes were made for nobody`,
      );
    },
  },
  {
    name: 'holds no descriptor of a connection that is over',
    run: async (variant) => {
      await using server = await start(variant, { service: 'echo', ...serving(variant, 2) });
      const open = (): number =>
        [server.pid, ...descendants(server.pid)].reduce((sum, pid) => sum + descriptorsOf(pid), 0);
      await visits(server.port, 20);
      const before = open();
      await visits(server.port, connectionsToLeak(variant));
      await eventually('all descriptors to be closed', () => open() <= before + 2);
      await server.stop();
    },
  },
];

/**
 * As many connections, ten at a time, each with one exchange. By the bare client in C where it has been built: a client
 * here would cost more than the servers.
 */
async function visits(port: number, count: number): Promise<void> {
  if (existsSync(CLIENT)) {
    const each = ['--mode', 'connect', '--connections', '10', '--size', '1'];
    const args = ['--port', `${port}`, '--count', `${count}`, ...each];
    const { stdout } = await within('the bare client', promisify(execFile)(CLIENT, args));
    const { messages, errors } = JSON.parse(stdout) as { messages: number; errors: number };
    assert.deepEqual({ messages, errors }, { messages: count, errors: 0 });
    return;
  }
  for (let i = 0; i < count; i += 10) await Promise.all(Array.from({ length: 10 }, () => glance(port)));
}

/** One exchange and a regular close, with nothing that would cost the suite more than the server. */
function glance(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(encodeRequest('echo', 1, { payload: Buffer.of(1) }));
  socket.once('data', () => socket.end());
  socket.once('error', reject);
  socket.once('close', () => resolve());
  return promise;
}

// Where every connection costs a start of the runtime, fewer must do: a leak of one a connection shows all the same.
function connectionsToLeak(variant: Parameters<Case['run']>[0]): number {
  return variant.language === 'ts' && variant.perConnection ? 20 : 500;
}
