import { strict as assert } from 'node:assert';
import { fileURLToPath } from 'node:url';
import { after, suite, test } from 'node:test';
import type { LoadBackend, LoadSnapshot, LoadSpec } from '../../../harness/load/backend.ts';
import { inProcessBackend } from '../fixtures/in-process-backend.ts';
import { processesBackend } from '../../../harness/load/generator/processes.ts';
import { defaultsOf } from '../../../harness/scenario/parameter.ts';
import type { LoadResult } from '../../../harness/results/schema/load.ts';
import echo from '../../../scenarios/echo.ts';
import session from '../../../scenarios/session.ts';
import { freePort, serve, serveBusy, serveFrames } from '../fixtures/servers.ts';
import { loadSpec, unaccounted } from '../fixtures/run-shard.ts';

const never = new AbortController().signal;

function sessionSpec(port: number, more: Partial<LoadSpec> = {}): LoadSpec {
  const parameters = { ...defaultsOf(session.parameters), patience: 60_000 };
  return loadSpec({ scenarioModule: 'builtin:session', parameters, port, clients: 20, ...more });
}

function echoSpec(port: number, durationMs: number, clients = 10): LoadSpec {
  const parameters = { ...defaultsOf(echo.parameters), duration: durationMs, think: '20' };
  return loadSpec({
    scenarioModule: 'builtin:echo',
    parameters,
    port,
    clients,
    warmupMs: echo.warmupMs?.(parameters) ?? 0,
  });
}

async function run(backend: LoadBackend, spec: LoadSpec, signal = never): Promise<LoadResult> {
  await using fleet = await backend.acquire(spec, signal);
  await fleet.prepare();
  return await fleet.run(signal);
}

function moduleOf(fixture: string): string {
  return fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
}

const BACKENDS: readonly (readonly [string, number, () => LoadBackend])[] = [
  ['in this process', 1, inProcessBackend],
  ['in one generator process', 1, () => processesBackend()],
  ['in three generator processes', 3, () => processesBackend({ generators: 3 })],
];

for (const [name, generators, create] of BACKENDS) {
  void suite(`load ${name}`, () => {
    // One for all: that a backend carries load after load, failed ones too, is part of the contract.
    const backend = create();
    after(() => backend[Symbol.asyncDispose]());

    void test('every client completes, every attempt is accounted for, and the sums are those of all', async () => {
      await using server = await serveFrames();
      const result = await run(backend, sessionSpec(server.port));
      assert.deepEqual(result.clients, { asked: 20, completed: 20, lost: 0, failed: 0, stopped: 0 });
      assert.deepEqual(result.connects, { attempted: 20, completed: 20, errors: {}, inFlight: 0 });
      assert.deepEqual(result.exchanges, { attempted: 140, completed: 140, errors: {}, inFlight: 0 });
      assert.equal(result.window?.completed, 140);
      // Opening and closing a session are exchanges, and no messages.
      assert.equal(result.histograms['latency']?.count, 100);
      assert.equal(result.histograms['connect']?.count, 20);
      assert.equal(result.histograms['wait']?.count, 20);
      assert.equal(result.generators.length, generators);
      assert.ok(
        result.elapsedMs >= session.idealMs(defaultsOf(session.parameters)),
        `${result.elapsedMs} ms`,
      );
      assert.equal(result.timeline.completed.at(-1), 140);
      assert.equal(result.timeline.established.at(-1), 0);
      assert.ok(result.timeline.atMs.length <= 200);
    });

    void test('clients that hold are all established at once', async () => {
      await using server = await serveFrames();
      const result = await run(backend, echoSpec(server.port, 1000, 12));
      assert.equal(result.peakEstablished, 12);
      assert.equal(result.windowMs, 800);
      assert.ok(result.histograms['latency']?.count, 'something was measured');
      assert.ok(result.exchanges.completed >= (result.window?.completed ?? Infinity));
    });

    void test('an abort stops the load, and the result says what was under way', async () => {
      let asked = 0;
      await using server = await serve((socket) => void socket.once('data', () => (asked += 1)));
      const stop = new AbortController();
      await using fleet = await backend.acquire(echoSpec(server.port, 60_000), never);
      await fleet.prepare();
      const snapshots: LoadSnapshot[] = [];
      const result = await fleet.run(stop.signal, (snapshot) => {
        snapshots.push(snapshot);
        if (asked === 10) stop.abort();
      });
      assert.deepEqual(result.clients, { asked: 10, completed: 0, lost: 0, failed: 0, stopped: 10 });
      assert.deepEqual(result.exchanges, { attempted: 10, completed: 0, errors: {}, inFlight: 10 });
      assert.equal(unaccounted(result.exchanges), 0);
      assert.ok(snapshots.length > 0);
    });

    void test('clients that are not done by the deadline are stopped and have failed', async () => {
      await using server = await serve(() => undefined);
      const result = await run(backend, { ...echoSpec(server.port, 60_000, 6), deadlineMs: 1000 });
      assert.deepEqual(result.clients, { asked: 6, completed: 0, lost: 0, failed: 6, stopped: 0 });
      assert.deepEqual(result.exchanges, {
        attempted: 6,
        completed: 0,
        errors: { deadline: 6 },
        inFlight: 0,
      });
      assert.equal(result.firstErrors[0]?.kind, 'deadline');
    });

    void test('lost clients are counted apart from failures', async () => {
      await using server = await serveBusy();
      const result = await run(backend, sessionSpec(server.port, { clients: 7 }));
      assert.deepEqual(result.clients, { asked: 7, completed: 0, lost: 7, failed: 0, stopped: 0 });
      assert.equal(result.peakEstablished, 0);
    });

    void test('a server that is not there makes every client fail, with the reason', async () => {
      const result = await run(backend, sessionSpec(await freePort(), { clients: 5 }));
      assert.equal(result.clients.failed, 5);
      assert.deepEqual(result.connects.errors, { refused: 5 });
      assert.match(result.firstErrors[0]?.message ?? '', /ECONNREFUSED/);
    });

    void test('a defect of the scenario fails the load with its words and its place', async () => {
      await using server = await serveFrames();
      const spec = loadSpec({ scenarioModule: moduleOf('defective.ts'), port: server.port, clients: 3 });
      await assert.rejects(run(backend, spec), {
        exitCode: 2,
        message: /Scenario defective failed in client \d: undefined is not a function, or so.*defective\.ts/,
      });
    });

    void test('a scenario that is not there fails the preparation', async () => {
      const spec = loadSpec({ scenarioModule: '/nowhere/mine.ts', port: 1 });
      await assert.rejects(run(backend, spec), { exitCode: 2, message: /the file does not exist/ });
    });

    void test('a ramp spreads the starts of the clients', async () => {
      await using server = await serveFrames();
      const result = await run(backend, sessionSpec(server.port, { clients: 5, rampMs: 100 }));
      assert.ok(result.elapsedMs >= 100, `the last client started after 80 ms: ${result.elapsedMs} ms`);
      assert.equal(result.clients.completed, 5);
    });
  });
}
