import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { storeKeeper } from '../../../servers/models/worker/store-keeper.ts';
import { Mutex } from '../../../servers/systems/counter/mutex.ts';
import { storeOver } from '../../../servers/services/api/store.ts';
import { memoryTotal, storeTotal } from '../../../servers/systems/counter/totals.ts';
import type { Guard, Sums, TotalOptions } from '../../../servers/systems/counter/totals.ts';

const THREADS = 3;

async function addedByThreads(options: TotalOptions, updates: number): Promise<Sums> {
  const memory = new SharedArrayBuffer(64);
  const workerData = { memory, options, updates };
  const url = new URL('adding-thread.ts', import.meta.url);
  const threads = Array.from({ length: THREADS }, () => new Worker(url, { workerData }));
  await Promise.all(threads.map((thread) => once(thread, 'exit')));
  return memoryTotal(memory, options).read();
}

for (const guard of ['lock', 'atomic'] as const) {
  test(`in memory, threads lose no update with guard=${guard}`, async () => {
    const sums = await addedByThreads({ guard, betweenUs: 0 }, 20_000);
    assert.deepEqual(sums, { total: THREADS * 20_000, updates: THREADS * 20_000 });
  });
}

test('in memory, threads lose updates without a guard', async () => {
  const { total, updates } = await addedByThreads({ guard: 'none', betweenUs: 20 }, 2000);
  assert.equal(updates, THREADS * 2000);
  assert.ok(total < updates, `all of ${updates} are there`);
});

test('a mutex that is held is waited for until the deadline, and is free after it', () => {
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const mutex = new Mutex(cells, 0);
  assert.ok(mutex.lock(0));
  assert.ok(!mutex.lock(10));
  mutex.unlock();
  assert.ok(mutex.lock(0));
});

async function addedInStore(guard: Guard): Promise<Sums> {
  const keeper = storeKeeper();
  const total = (holder: object) =>
    storeTotal(
      storeOver(async (operation) => keeper.execute(operation, holder)),
      { guard, betweenUs: 0 },
    );
  const adders = Array.from({ length: 5 }, (_, i) => total({ i }));
  await Promise.all(
    adders.map(async (adder) => {
      for (let i = 0; i < 50; i += 1) await adder.add(1);
    }),
  );
  return total({}).read();
}

test('in the store, none is lost with a guard, and without one what was read before another wrote', async () => {
  for (const guard of ['lock', 'atomic'] as const) {
    assert.deepEqual(await addedInStore(guard), { total: 250, updates: 250 }, guard);
  }
  const { total, updates } = await addedInStore('none');
  assert.equal(updates, 250);
  assert.ok(total < 250);
});

test('who reads while others add sees no update missing that was not lost', async () => {
  const keeper = storeKeeper();
  /** The slower its way to the store, the more happens between two questions. */
  const over = (turns: number) =>
    storeTotal(
      storeOver(async (operation) => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        return keeper.execute(operation, keeper);
      }),
      { guard: 'atomic', betweenUs: 0 },
    );
  const adder = over(0);
  const adding = Promise.all(
    Array.from({ length: 5 }, async () => {
      for (let i = 0; i < 200; i += 1) await adder.add(1);
    }),
  );
  const reader = over(40);
  for (let i = 0; i < 10; i += 1) {
    const sums = await reader.read();
    assert.ok(sums.total >= sums.updates, JSON.stringify(sums));
  }
  await adding;
});
