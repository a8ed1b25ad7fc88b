import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { mergeShards } from '../../../harness/load/accounts/merge.ts';
import { Series } from '../../../harness/load/accounts/recorder.ts';
import type { ShardResult } from '../../../harness/load/accounts/counters.ts';
import { loadResult } from '../fixtures/load-result.ts';

function shard(change: Partial<ShardResult> = {}): ShardResult {
  const { clients, connects, exchanges, generators } = loadResult();
  return {
    elapsedMs: 1000,
    measured: { fromMs: 200, untilMs: 900 },
    window: { completed: 700, responseMs: 3000, thinkMs: 4000, offered: 0 },
    pauses: { count: 0, askedMs: 0, sleptMs: 0 },
    lastLateMs: 0,
    wrong: 0,
    clients,
    peak: { count: 10, fromMs: 50, untilMs: 950 },
    connects,
    exchanges,
    bytesSent: 5,
    bytesReceived: 6,
    counters: { wins: 1 },
    histograms: {},
    firstErrors: [],
    generator: generators[0] ?? assert.fail(),
    timeline: { periodMs: 5, completed: [0, 10], established: [10, 0] },
    ...change,
  };
}

function recorded(...values: number[]) {
  using series = new Series();
  for (const value of values) series.record(value);
  return series.encode();
}

void test('counts add up, and the load lasts as long as its longest part', () => {
  const merged = mergeShards([shard(), shard({ elapsedMs: 1500, counters: { wins: 2, draws: 1 } })]);
  assert.equal(merged.elapsedMs, 1500);
  assert.equal(merged.windowMs, 700);
  assert.deepEqual(merged.window, { completed: 1400, responseMs: 6000, thinkMs: 8000 });
  assert.equal(merged.clients.asked, 20);
  assert.equal(merged.exchanges.attempted, 2000);
  assert.deepEqual(merged.counters, { wins: 3, draws: 1 });
  assert.equal(merged.generators.length, 2);
  assert.equal(merged.rate, undefined);
});

void test('histograms are merged, so that a percentile is that of all values', () => {
  const merged = mergeShards([
    shard({ histograms: { latency: recorded(1, 1, 1, 1, 1, 1, 1, 1, 1) } }),
    shard({ histograms: { latency: recorded(900), delay: recorded(5) } }),
  ]);
  assert.equal(merged.histograms['latency']?.count, 10);
  assert.equal(merged.histograms['latency']?.p50, 1);
  assert.equal(merged.histograms['latency']?.p99, 900);
  assert.equal(merged.histograms['delay']?.count, 1);
});

void test('connections of several generators were held at once only as far as their times overlap', () => {
  const early = shard({ peak: { count: 10, fromMs: 0, untilMs: 100 } });
  const late = shard({ peak: { count: 7, fromMs: 200, untilMs: 300 } });
  const apart = { periodMs: 5, completed: [0], established: [3] };
  assert.equal(mergeShards([early, shard()]).peakEstablished, 20);
  assert.equal(
    mergeShards([
      { ...early, timeline: apart },
      { ...late, timeline: apart },
    ]).peakEstablished,
    10,
  );
});

void test('a window without a set end ends with the load, and one that never began is empty', () => {
  const open = shard({ measured: { fromMs: 0, untilMs: null } });
  assert.equal(mergeShards([open]).windowMs, 1000);
  assert.equal(mergeShards([shard({ elapsedMs: 100 })]).windowMs, 0);
});

void test('an open loop tells offered and achieved rate', () => {
  const window = { completed: 350, responseMs: 1, thinkMs: 0, offered: 700 };
  assert.deepEqual(mergeShards([shard({ window })]).rate, { offeredPerSecond: 1000, achievedPerSecond: 500 });
});

void test('the first error of each kind is kept once', () => {
  const first = shard({ firstErrors: [{ kind: 'reset', message: 'one' }] });
  const second = shard({
    firstErrors: [
      { kind: 'reset', message: 'two' },
      { kind: 'closed', message: 'three' },
    ],
  });
  assert.deepEqual(
    mergeShards([first, second]).firstErrors.map((error) => error.message),
    ['one', 'three'],
  );
});

void test('pauses add up, and those of the client that was done last are its own generator’s', () => {
  const pauses = { count: 4, askedMs: 20, sleptMs: 21 };
  const merged = mergeShards([
    shard({ pauses, lastLateMs: 0.5, elapsedMs: 900 }),
    shard({ pauses, lastLateMs: 0.25 }),
  ]);
  assert.deepEqual(merged.pauses, { count: 8, askedMs: 40, sleptMs: 42, lastLateMs: 0.25 });
  assert.equal(mergeShards([shard()]).pauses, undefined);
});
