/** What one server goes through, case after case, as if it had just been started: friendly clients and hostile ones. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { decodeError, encodeRequest } from '../../../servers/wire/body.ts';
import { encodeFrame } from '../../../servers/wire/frame.ts';
import { ERROR_CODES, KINDS } from '../../../servers/wire/methods.ts';
import type { Variant } from '../../../servers/variant.ts';
import { EXHAUSTIVE } from '../../scope.ts';
import { eventually, within } from '../../waiting.ts';
import type { SharedCase } from './case.ts';
import { Client } from './client.ts';
import { refusal } from './command-cases.ts';
import { descendants, descriptorsOf } from './processes.ts';
import { converse } from './speech.ts';

const ATTACKS: readonly Uint8Array[] = [
  Buffer.from('GET / HTTP/1.1\r\nHost: here\r\n\r\n'),
  // A frame of 4 GiB.
  Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 1, 0, 1, 0, 0, 0, 1]),
  // A reply, which only a server sends.
  encodeFrame(KINDS.reply, 1, 7, Buffer.alloc(4)),
  // A body that ends before what it announces.
  encodeFrame(KINDS.request, 1, 7, Buffer.from([0, 0, 0, 9, 1])),
];

export const SHARED_CASES: readonly SharedCase[] = [
  {
    name: 'goes on after a client resets its connection, and counts it',
    run: async ({ port }) => {
      const client = await Client.connect(port);
      await converse(client, 'echo');
      client.reset();
      await visit(port);
      return { served: 1, reset: 1 };
    },
  },
  {
    name: 'answers bytes that are no frame with an error, closes, and serves others on',
    run: async ({ port }) => {
      for (const bytes of ATTACKS) {
        using client = await Client.connect(port);
        client.send(bytes);
        const frame = await client.frame();
        assert.equal(frame.kind, KINDS.error);
        assert.equal(decodeError(frame.body).code, ERROR_CODES['bad-frame']);
        assert.equal(await client.ended(), 'closed');
      }
      using truncated = await Client.connect(port);
      truncated.send(encodeFrame(KINDS.request, 1, 7, Buffer.alloc(100)).subarray(0, 50));
      await truncated.close();
      await visit(port);
      return { served: 1, reset: 1, broken: ATTACKS.length };
    },
  },
  {
    name: 'answers an unknown method with an error and goes on with the connection',
    run: async ({ port }) => {
      using client = await Client.connect(port);
      client.send(encodeFrame(KINDS.request, 999, 7, Buffer.alloc(0)));
      const frame = await client.frame();
      assert.deepEqual([frame.kind, frame.callId], [KINDS.error, 7]);
      assert.equal(decodeError(frame.body).code, ERROR_CODES['unknown-method']);
      await converse(client, 'echo');
      await client.close();
      return { served: 1 };
    },
  },
  {
    name: 'holds no descriptor of a connection that is over',
    run: async (server, variant) => {
      const open = (): number =>
        [server.pid, ...descendants(server.pid)].reduce((sum, pid) => sum + descriptorsOf(pid), 0);
      const [first, more] = connectionsToLeak(variant);
      await glances(server.port, first);
      const before = open();
      await glances(server.port, more);
      await eventually('all descriptors to be closed', () => open() <= before + 2);
      return { served: first + more };
    },
  },
  {
    name: 'keeps its port: another says in one line that it is in use, with exit code 3',
    run: async (server, variant) => {
      const { code, stderr } = await refusal(variant, ['--port', `${server.port}`]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, new RegExp(`${server.port}`));
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      return {};
    },
  },
];

async function visit(port: number): Promise<void> {
  using client = await Client.connect(port);
  await converse(client, 'echo');
  await client.close();
}

/** As many connections, ten at a time. */
async function glances(port: number, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 10) {
    const ten = Array.from({ length: Math.min(10, left) }, () => glance(port));
    await within('ten connections to be served', Promise.all(ten));
  }
}

/** One exchange and a regular close, with nothing that would cost more than the server. */
function glance(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(encodeRequest('echo', 1, { payload: Buffer.of(1) }));
  socket.once('data', () => socket.end());
  socket.once('error', reject);
  socket.once('close', () => resolve());
  return promise;
}

/**
 * Some in front, until the server holds what it needs itself, and those that might leak. Where every connection costs a
 * start of the runtime, fewer must do: a leak of one a connection shows all the same.
 */
function connectionsToLeak(variant: Variant): readonly [first: number, more: number] {
  if (EXHAUSTIVE) return variant.perConnection && variant.language === 'ts' ? [10, 10] : [10, 2000];
  return variant.perConnection && variant.language === 'ts' ? [2, 5] : [10, 200];
}
