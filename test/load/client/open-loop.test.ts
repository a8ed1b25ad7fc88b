import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { mergeShards } from '../../../harness/load/accounts/merge.ts';
import { encodeRequest } from '../../../servers/wire/body.ts';
import { eachFrame, replyTo, serve, serveFrames } from '../fixtures/servers.ts';
import { runClients, unaccounted } from '../fixtures/run-shard.ts';

const REQUEST = encodeRequest('echo', 7, { payload: Buffer.from('hello') });

/** Clients that carry `perSecond` together for `durationMs`; all that fell due once they were connected was offered. */
async function openLoop(port: number, perSecond: number, durationMs: number, clients = 10) {
  let startedMs = 0;
  const shard = await runClients(
    { port, clients },
    async (client) => {
      await using connection = await client.connect();
      startedMs = Math.max(startedMs, client.elapsedMs());
      await connection.exchanges({ request: REQUEST, untilMs: durationMs, rate: { perSecond } });
    },
    { measuredUntilMs: () => durationMs },
  );
  assert.equal(unaccounted(shard.exchanges), 0);
  const result = mergeShards([shard]);
  const offered = ((result.rate?.offeredPerSecond ?? 0) * durationMs) / 1000;
  const due = ((durationMs - startedMs) * perSecond) / 1000;
  assert.ok(
    offered >= due - clients && offered <= (durationMs * perSecond) / 1000 + 1,
    `${offered} were offered`,
  );
  return result;
}

void test('what is offered is the rate that was asked for, and it is achieved where the server can', async () => {
  await using server = await serveFrames();
  const result = await openLoop(server.port, 500, 400);
  assert.ok((result.rate?.achievedPerSecond ?? 0) > 0);
  assert.equal(result.histograms['service']?.count, result.histograms['latency']?.count);
});

void test('a stall of the server shows in the latency of every request that fell due meanwhile, not in one', async () => {
  const stallMs = 300;
  let stalledAt = 0;
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => {
      stalledAt ||= performance.now() + 50;
      const waitMs = stalledAt + stallMs - performance.now();
      if (performance.now() >= stalledAt && waitMs > 0)
        setTimeout(() => socket.write(replyTo(frame)), waitMs);
      else socket.write(replyTo(frame));
    });
  });
  // 400/s over one connection: 120 requests fall due in the stall; only one is under way.
  const result = await openLoop(server.port, 400, 600, 1);
  const latency = result.histograms['latency'];
  const service = result.histograms['service'];
  assert.ok(latency && service);
  const stalledShare = stallMs / 600;
  assert.ok(latency.p90 > 0.5 * stalledShare * stallMs * 1000, `p90 of latency is ${latency.p90} µs`);
  assert.ok(latency.mean > 5 * service.mean, `means are ${latency.mean} and ${service.mean} µs`);
});

void test('a rate that a server cannot keep is offered in full and achieved in part', async () => {
  await using server = await serve((socket) => {
    eachFrame(socket, (frame) => setTimeout(() => socket.write(replyTo(frame)), 50));
  });
  const result = await openLoop(server.port, 400, 400, 2);
  assert.ok((result.rate?.achievedPerSecond ?? 0) <= 50, 'two connections at 50 ms each carry 40 a second');
});

void test('a rate of nothing, and a rate with think time, are refused', async () => {
  await using server = await serveFrames();
  await assert.rejects(openLoop(server.port, 0, 100), /A rate of 0 per second/);
  const both = runClients({ port: server.port }, async (client) => {
    const connection = await client.connect();
    await connection.exchanges({ request: REQUEST, count: 1, thinkMs: 5, rate: { perSecond: 10 } });
  });
  await assert.rejects(both, /has no think time/);
});
