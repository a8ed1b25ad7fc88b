/** The chain of nested servers as a whole: started by hand in pieces, ended with its first server, refused where wrong. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { findVariant } from '../../servers/catalogue.ts';
import type { Variant } from '../../servers/variant.ts';
import { Client } from './conformance/client.ts';
import { descendants, hasEnded } from './conformance/processes.ts';
import { start } from './conformance/server.ts';
import { saying } from './conformance/speech.ts';
import { eventually } from '../waiting.ts';

const [loop, iterative] = ['ts-loop', 'ts-iterative'].map((name) => findVariant(name) as Variant) as [
  Variant,
  Variant,
];
const payload = Buffer.from('down and up');

test('servers of different variants, started one by one, find each other through a name server', async () => {
  await using names = await start(loop, { service: 'names' });
  const set = { depth: 2, names: names.port };
  await using first = await start(iterative, { service: 'nested', set });
  using client = await Client.connect(first.port);
  const call = { hops: 1, deadlineMs: 60_000, payload };
  await assert.rejects(client.call('nested.call', call), saying('not-found'));
  await using second = await start(loop, {
    service: 'nested',
    drainMs: 200,
    set: { ...set, level: 2 },
  });
  assert.deepEqual((await client.call('nested.call', call)).path, [1, 2]);
  await second.stop();
  await assert.rejects(client.call('nested.call', call), saying('internal'));
  assert.deepEqual((await client.call('nested.call', { ...call, hops: 0 })).path, [1]);
});

test('the servers that it started end with it when it is killed', async () => {
  await using server = await start(loop, { service: 'nested' });
  const family = descendants(server.pid);
  assert.equal(family.length, 3);
  server.signal('SIGKILL');
  await eventually('its servers to end', () => family.every(hasEnded));
});

test('a level that the chain does not have, or one without a name server, is refused in one line', async () => {
  for (const [set, says] of [
    [{ depth: 2, level: 3 }, /level=3.*depth 2/],
    [{ level: 2 }, /names/],
  ] as const) {
    const [file = '', ...args] = loop.command({ service: 'nested', set });
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const stderr = await text(child.stderr);
    assert.match(stderr, says);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('crash is refused by a server that has no worker to spare', async () => {
  const [file = '', ...args] = loop.command({ service: 'cookie', set: { crash: 3 } });
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  assert.match(await text(child.stderr), /^server: --set crash needs a model whose workers are replaced/);
});
