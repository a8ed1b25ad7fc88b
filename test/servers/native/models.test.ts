/** What only the models in C have: a mutex that survives its owner, and wake-ups of one worker instead of all. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { findVariant } from '../../../servers/catalogue.ts';
import type { Variant } from '../../../servers/variant.ts';
import { Client } from '../conformance/client.ts';
import { childrenOf } from '../conformance/processes.ts';
import { start } from '../conformance/server.ts';
import type { Server } from '../conformance/server.ts';
import { eventually } from '../../waiting.ts';
import { build } from './build.ts';

const built = build('all');

function variantNamed(name: string): Variant {
  const variant = findVariant(name);
  assert.ok(variant, `${name} is in the catalogue`);
  return variant;
}

async function visit(server: Server): Promise<void> {
  using client = await Client.connect(server.port);
  await client.call('echo', { payload: Buffer.of(1) });
  await client.close();
}

const refilled = (server: Server, gone: number): Promise<true> =>
  eventually('the pool to be filled', () => {
    const children = childrenOf(server.pid);
    return children.length === server.workers && !children.includes(gone) ? true : undefined;
  });

function tryIt(name: string, run: (t: TestContext) => Promise<void>): void {
  test(name, async (t) => (built.ok ? run(t) : t.skip(built.reason)));
}

tryIt('c-prefork-mutex goes on after the worker that holds the mutex is killed', async () => {
  await using server = await start(variantNamed('c-prefork-mutex'), { service: 'echo', workers: 3 });
  // One of them holds the mutex while it waits in accept(); whoever gets it next is killed too.
  for (let round = 0; round < 2; round += 1) {
    for (const worker of childrenOf(server.pid)) {
      process.kill(worker, 'SIGKILL');
      await refilled(server, worker);
      await visit(server);
    }
  }
  const stats = await server.stop();
  assert.deepEqual([stats.served, stats.broken], [6, 0]);
});

tryIt('every connection is accounted for while workers are killed under load', async () => {
  for (const name of ['c-prefork', 'c-prefork-mutex', 'c-prefork-pass', 'c-prefork-epoll']) {
    await using server = await start(variantNamed(name), { service: 'echo', workers: 4 });
    const load = new AbortController();
    const visitors = Array.from({ length: 6 }, async () => {
      // Of those whose worker is killed some fail in the middle: the server's accounts are what is checked.
      while (!load.signal.aborted) await visit(server).catch(() => undefined);
    });
    for (let kills = 0; kills < 8; kills += 1) {
      const victim = childrenOf(server.pid)[kills % 4];
      assert.ok(victim);
      process.kill(victim, 'SIGKILL');
      await refilled(server, victim);
    }
    load.abort();
    await Promise.all(visitors);
    const stats = await server.stop();
    assert.ok(stats.served > 0 && stats.workers.length === 4, `${name}: ${JSON.stringify(stats)}`);
  }
});

/** How often the workers went to sleep, which is as often as they were woken. */
function sleeps(server: Server): number {
  const counts = childrenOf(server.pid).map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

async function sleepsForVisits(exclusive: boolean): Promise<number> {
  await using server = await start(variantNamed('c-prefork-epoll'), {
    service: 'echo',
    workers: 16,
    set: { exclusive },
  });
  await visit(server);
  const before = sleeps(server);
  for (let i = 0; i < 40; i += 1) await visit(server);
  const after = sleeps(server);
  await server.stop();
  return after - before;
}

tryIt('c-prefork-epoll wakes fewer workers for a connection with EPOLLEXCLUSIVE', async (t) => {
  const shared = await sleepsForVisits(false);
  const exclusive = await sleepsForVisits(true);
  t.diagnostic(
    `40 connections put 16 workers to sleep ${shared} times, with EPOLLEXCLUSIVE ${exclusive} times`,
  );
  assert.ok(exclusive * 2 < shared, `${exclusive} against ${shared}`);
});
