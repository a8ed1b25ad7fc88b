import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeKeeper } from '../../../servers/models/worker/store-keeper.ts';
import { storeOver } from '../../../servers/services/api/store.ts';
import type { Store } from '../../../servers/services/api/store.ts';

function faceOf(keeper: ReturnType<typeof storeKeeper>, holder: object = {}): Store {
  return storeOver(async (operation) => keeper.execute(operation, holder));
}

function withClock(): { store: Store; advance: (ms: number) => void } {
  let nowMs = 1000;
  return { store: faceOf(storeKeeper(() => nowMs)), advance: (ms) => (nowMs += ms) };
}

test('a value is there until its time to live is over, and says how long it has left', async () => {
  const { store, advance } = withClock();
  await store.set('a', 'short', 100);
  await store.set('b', 'for ever', 0);
  advance(60);
  assert.deepEqual(await store.get('a'), { key: 'a', value: 'short', ttlMs: 40 });
  advance(40);
  assert.equal(await store.get('a'), null);
  assert.deepEqual(await store.get('b'), { key: 'b', value: 'for ever', ttlMs: 0 });
});

test('setting again renews', async () => {
  const { store, advance } = withClock();
  await store.set('a', 1, 100);
  advance(90);
  await store.set('a', 2, 100);
  advance(90);
  assert.equal((await store.get('a'))?.value, 2);
});

test('a list has what is alive, in order, from where the last one ended', async () => {
  const { store, advance } = withClock();
  for (const key of ['d', 'b', 'a', 'c']) await store.set(key, key, key === 'b' ? 10 : 0);
  advance(10);
  const first = await store.list('', 2);
  assert.deepEqual(
    first.map(({ key }) => key),
    ['a', 'c'],
  );
  assert.deepEqual(
    (await store.list('c', 2)).map(({ key }) => key),
    ['d'],
  );
});

test('a full store refuses new keys, takes known ones, and has room again when some expire', async () => {
  const { store, advance } = withClock();
  for (let i = 0; i < 10_000; i += 1) await store.set(`key ${i}`, i, 100);
  assert.equal(await store.set('one more', 0, 0), false);
  assert.equal(await store.set('key 7', 0, 200), true);
  advance(100);
  assert.equal(await store.set('one more', 0, 0), true);
});

test('whoever claims a key first decides its value', async () => {
  const { store } = withClock();
  assert.equal(await store.claim('key', 'first'), 'first');
  assert.equal(await store.claim('key', 'second'), 'first');
});

test('a lock passes in order from holder to holder, and only its holder can unlock it', async () => {
  const keeper = storeKeeper();
  const [a, b, c] = [faceOf(keeper), faceOf(keeper), faceOf(keeper)];
  assert.equal(await a.lock('l', 0), true);
  const order: string[] = [];
  const waiting = [
    b.lock('l', 5000).then(() => order.push('b')),
    c.lock('l', 5000).then(() => order.push('c')),
  ];
  await b.unlock('l');
  assert.deepEqual(order, []);
  await a.unlock('l');
  await waiting[0];
  assert.deepEqual(order, ['b']);
  await b.unlock('l');
  await waiting[1];
  assert.deepEqual(order, ['b', 'c']);
});

test('a lock that does not come free by the deadline is not granted, then or later', async () => {
  const keeper = storeKeeper();
  const [a, b, c] = [faceOf(keeper), faceOf(keeper), faceOf(keeper)];
  await a.lock('l', 0);
  assert.equal(await b.lock('l', 5), false);
  await a.unlock('l');
  assert.equal(await c.lock('l', 0), true);
});

test('the locks of a holder that is gone pass on, and it waits for none any more', async () => {
  const keeper = storeKeeper();
  const gone = {};
  const [a, b] = [faceOf(keeper, gone), faceOf(keeper)];
  await a.lock('held', 0);
  await b.lock('wanted', 0);
  const wanted = a.lock('wanted', 5000);
  const held = b.lock('held', 5000);
  keeper.release(gone);
  assert.equal(await held, true);
  assert.equal(await wanted, false);
});
