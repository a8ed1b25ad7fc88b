import { strict as assert } from 'node:assert';
import { mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findVariant } from '../../servers/catalogue.ts';
import { parseProcessList } from '../../servers/wire/process-list.ts';
import { serveFrames } from '../load/fixtures/servers.ts';
import { start } from '../servers/conformance/server.ts';
import { runBuiltin } from './run-builtin.ts';

void test('every client stores its list, reports the top process, and holds its connection', async () => {
  const variant = findVariant('ts-prefork-accept');
  assert.ok(variant);
  await using server = await start(variant, { service: 'topn', workers: 2 });
  await using folder = await mkdtempDisposable(join(tmpdir(), 'topn-'));
  const result = await runBuiltin(
    'topn',
    server.port,
    6,
    { count: '4', hold: '30ms', patience: '60s' },
    folder.path,
  );
  assert.equal(result.clients.completed, 6);
  assert.ok(result.elapsedMs >= 3 * 30, 'two workers hold six clients in three turns');
  const files = await readdir(folder.path);
  assert.deepEqual(
    files.toSorted(),
    ['0', '1', '2', '3', '4', '5'].map((i) => `top-${i}.tsv`),
  );
  for (const file of files) {
    assert.equal(parseProcessList(await readFile(join(folder.path, file), 'utf8'))?.length, 4);
  }
  const { service } = await server.stop();
  assert.equal(service['reports'], 6);
  assert.equal(service['bytes'], result.counters['file-bytes']);
});

void test('held keeps all connections for the set time with a rare exchange on each', async () => {
  await using server = await serveFrames();
  const result = await runBuiltin('held', server.port, 30, { hold: '400ms', every: '100ms' });
  assert.equal(result.clients.completed, 30);
  assert.equal(result.peakEstablished, 30);
  assert.ok(result.exchanges.completed >= 30);
  assert.ok(result.elapsedMs >= 400);
});
