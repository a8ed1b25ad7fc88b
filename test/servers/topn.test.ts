/** The topn service through nothing but its command line. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVariant } from '../../servers/catalogue.ts';
import { ERROR_CODES } from '../../servers/wire/methods.ts';
import type { ErrorName } from '../../servers/wire/methods.ts';
import { parseProcessList, topProcess } from '../../servers/wire/process-list.ts';
import { Client, ServerSaid } from './conformance/client.ts';
import { start } from './conformance/server.ts';
import type { Server } from './conformance/server.ts';
import { under } from './under.ts';
import { within } from '../waiting.ts';

function startTopN(name: string): Promise<Server> {
  const variant = findVariant(name);
  assert.ok(variant);
  return start(variant, { service: 'topn' });
}

function refused(error: ErrorName): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof ServerSaid && thrown.code === ERROR_CODES[error];
}

/** The folder of a server's files, if there is one. */
function storeOf(server: Server): string | undefined {
  const name = readdirSync(tmpdir()).find((each) => each.startsWith(`holdfast-server-${server.pid}-`));
  return name === undefined ? undefined : join(tmpdir(), name);
}

for (const name of ['ts-loop', 'c-epoll']) {
  under(name, 'the files of a server that was killed go when another starts', async () => {
    await using killed = await startTopN(name);
    const orphan = storeOf(killed);
    assert.ok(orphan);
    killed.signal('SIGKILL');
    await within('the end of a killed server', killed.ended);
    // Any server that starts removes it, that of another test too.
    await using server = await startTopN(name);
    assert.ok(!existsSync(orphan));
    assert.ok(storeOf(server), 'and those of the living stay');
    await server.stop();
  });
}

for (const name of ['ts-loop', 'c-epoll', 'c-prefork']) {
  under(
    name,
    'a list names real processes, those that used most first, and arrives in several chunks when it is long',
    async () => {
      await using server = await startTopN(name);
      using client = await Client.connect(server.port);
      const { file, processes, bytes } = await client.call('topn.list', { count: 10_000n });
      const { chunks, end } = await client.chunks('topn.fetch', { file });
      const text = Buffer.concat(chunks.map(({ bytes }) => bytes));
      assert.equal(end.bytes, bytes);
      const list = parseProcessList(text.toString());
      assert.equal(list?.length, processes);
      assert.ok(list.some(({ pid }) => pid === process.pid));
      const ticks = list.map(({ userTicks, systemTicks }) => userTicks + systemTicks);
      assert.deepEqual(
        ticks,
        ticks.toSorted((a, b) => b - a),
      );
      assert.equal(topProcess(list), list[0]);
      await client.close();
      await server.stop();
    },
  );

  under(
    name,
    'counts out of range, paths in file names and impossible reports get a typed error, and the server goes on',
    async () => {
      await using server = await startTopN(name);
      using client = await Client.connect(server.port);
      for (const count of [0n, -1n, 1_000_000_000n, 2n ** 63n - 1n]) {
        await assert.rejects(client.call('topn.list', { count }), refused('bad-argument'));
      }
      const tricks = [
        '../../etc/passwd',
        '/etc/passwd',
        '..',
        '.',
        '',
        'a/b',
        'a\\b',
        'list\0',
        '%2e%2e',
        '.hidden',
        'x'.repeat(65),
      ];
      for (const file of tricks) {
        await assert.rejects(
          client.chunks('topn.fetch', { file }),
          refused('bad-argument'),
          JSON.stringify(file),
        );
      }
      await assert.rejects(client.chunks('topn.fetch', { file: 'reports.jsonl' }), refused('not-found'));
      const report = { name: 'n', pid: 1, userTicks: 0n, systemTicks: 0n };
      for (const wrong of [{ pid: 0 }, { userTicks: -1n }, { systemTicks: -1n }, { name: 'n'.repeat(257) }]) {
        await assert.rejects(client.call('topn.report', { ...report, ...wrong }), refused('bad-argument'));
      }
      await assert.rejects(client.call('topn.reports', { latest: 1001 }), refused('bad-argument'));
      const { file } = await client.call('topn.list', { count: 1n });
      using other = await Client.connect(server.port);
      await assert.rejects(
        other.chunks('topn.fetch', { file }),
        refused('not-found'),
        "another client's list",
      );
      assert.ok((await client.chunks('topn.fetch', { file })).end.bytes > 0);
      await Promise.all([client.close(), other.close()]);
      await server.stop();
    },
  );
}

for (const name of ['ts-fork', 'c-fork']) {
  under(
    name,
    'all reports are kept, whichever process took them, and the files go with the server',
    async () => {
      await using server = await startTopN(name);
      const names = ['plain', 'a) R 1 (\\x0a', 'line\nbreak "quoted"'];
      for (const [i, reported] of names.entries()) {
        using client = await Client.connect(server.port);
        await client.call('topn.list', { count: 1n });
        await client.call('topn.report', {
          name: reported,
          pid: i + 1,
          userTicks: 2n ** 62n,
          systemTicks: 7n,
        });
        assert.equal(await client.close(), 'closed');
      }
      using client = await Client.connect(server.port);
      const { total, latest } = await client.call('topn.reports', { latest: 2 });
      assert.equal(total, 3);
      assert.deepEqual(latest, [
        { name: names[1], pid: 2, userTicks: 2n ** 62n, systemTicks: 7n },
        { name: names[2], pid: 3, userTicks: 2n ** 62n, systemTicks: 7n },
      ]);
      const store = storeOf(server);
      const lists = readdirSync(store ?? '').filter((file) => file.startsWith('list-'));
      assert.deepEqual(lists, [], 'lists go with their connection');
      await client.close();
      assert.equal((await server.stop()).service['reports'], 3);
      assert.equal(storeOf(server), undefined);
    },
  );
}
