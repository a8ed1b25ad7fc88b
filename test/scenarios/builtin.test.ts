import { strict as assert } from 'node:assert';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { checkValidity } from '../../harness/load/accounts/validity.ts';
import { answerSessions, serve, serveBusy, serveBytes, serveFrames } from '../load/fixtures/servers.ts';
import { runBuiltin } from './run-builtin.ts';

void test('a session is opened, has its exchanges with think time between them, and is closed', async () => {
  await using server = await serveFrames();
  const settings = { exchanges: '3', think: '10ms', patience: '60s', size: '100' };
  const result = await runBuiltin('session', server.port, 5, settings);
  assert.equal(result.clients.completed, 5);
  assert.equal(result.exchanges.completed, 5 * (1 + 3 + 1));
  assert.ok(result.elapsedMs >= 20);
  assert.equal(result.histograms['wait']?.count, 5);
});

void test('a client that nobody serves within its waiting period is lost, wherever it waits', async () => {
  await using silent = await serve(() => undefined);
  const unserved = await runBuiltin('session', silent.port, 3, { patience: '50ms' });
  assert.deepEqual(unserved.clients, { asked: 3, completed: 0, lost: 3, failed: 0, stopped: 0 });
  assert.deepEqual(unserved.exchanges.errors, { patience: 3 });
  assert.equal(unserved.histograms['wait']?.atLeast, 3);
  await using busy = await serveBusy();
  const turnedAway = await runBuiltin('session', busy.port, 3, { patience: '60s' });
  assert.equal(turnedAway.clients.lost, 3);
  assert.deepEqual(turnedAway.exchanges.errors, { busy: 3 });
});

void test('the wait is of all clients: one that nobody serves has waited for its patience at least', async () => {
  let accepted = 0;
  // Serves two of three clients, and at once.
  await using server = await serve((socket) => {
    if (++accepted % 3 !== 0) answerSessions(socket);
  });
  const { histograms, clients } = await runBuiltin('session', server.port, 9, {
    ...{ exchanges: '4', think: '1ms', patience: '700ms' },
  });
  assert.deepEqual([clients.completed, clients.lost], [6, 3]);
  const { wait, latency } = histograms;
  assert.ok(wait && latency);
  assert.deepEqual([wait.count, wait.atLeast], [9, 3]);
  assert.ok(wait.max >= 700_000 && wait.p99 >= 700_000 && wait.p50 < 700_000);
  // Latency is of messages alone.
  assert.equal(latency.count, 6 * 4);
});

void test('a server that serves one client at a time holds one at once, even as it closes and goes on', async () => {
  const waiting: Socket[] = [];
  let serving = false;
  const next = (): void => {
    const socket = serving ? undefined : waiting.shift();
    if (!socket) return;
    serving = true;
    answerSessions(socket, () => {
      serving = false;
      next();
    });
  };
  await using server = await serve((socket) => {
    waiting.push(socket);
    next();
  });
  const settings = { exchanges: '2', think: '1ms', patience: '60s' };
  const { peakEstablished, clients } = await runBuiltin('session', server.port, 8, settings);
  assert.equal(clients.completed, 8);
  assert.equal(peakEstablished, 1);
});

void test('echo holds every client for the set time and measures after the warm-up', async () => {
  await using server = await serveFrames();
  const result = await runBuiltin('echo', server.port, 8, { duration: '1s', think: '20ms' });
  assert.equal(result.peakEstablished, 8);
  assert.equal(result.windowMs, 800);
  assert.ok(result.elapsedMs >= 1000);
  assert.ok((result.window?.thinkMs ?? 0) > 0);
  const checks = checkValidity(result, { holds: true });
  assert.deepEqual(
    checks.filter((check) => !check.ok && !check.id.startsWith('generator')).map((check) => check.message),
    [],
  );
});

void test('echo speaks raw bytes to servers that know no frames', async () => {
  await using server = await serveBytes();
  const result = await runBuiltin('echo', server.port, 4, { raw: 'true', duration: '100ms', size: '33' });
  assert.equal(result.clients.completed, 4);
  assert.equal(result.bytesReceived, result.exchanges.completed * 33);
});

void test('echo with a rate is an open loop', async () => {
  await using server = await serveFrames();
  for (const arrivals of ['constant', 'poisson']) {
    const result = await runBuiltin('echo', server.port, 4, { rate: '400/s', arrivals, duration: '200ms' });
    assert.ok(result.rate);
    assert.ok(result.histograms['service']);
  }
});
