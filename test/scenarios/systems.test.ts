/** The scenarios of message passing and HTTP against real servers, started through their command line. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkValidity } from '../../harness/load/accounts/validity.ts';
import type { LoadResult } from '../../harness/results/schema/load.ts';
import { parametersFrom } from '../../harness/scenario/parameter.ts';
import { loadScenario } from '../../scenarios/catalogue.ts';
import { findVariant } from '../../servers/catalogue.ts';
import type { ServiceName } from '../../servers/services/registry.ts';
import type { Variant } from '../../servers/variant.ts';
import { start } from '../servers/conformance/server.ts';
import { runBuiltin } from './run-builtin.ts';
import { samples } from '../scope.ts';

type Settings = Readonly<Record<string, string>>;

/** Runs a scenario as a trial does, and checks what must be true of every load. */
async function run(id: string, server: string, clients: number, settings: Settings): Promise<LoadResult> {
  const scenario = await loadScenario(`builtin:${id}`);
  const parameters = parametersFrom(scenario.parameters, new Map(Object.entries(settings)));
  await using running = await start(findVariant(server) as Variant, {
    service: scenario.service as ServiceName,
    workers: 2,
    set: scenario.serviceSettings?.(parameters) ?? {},
  });
  const load = await runBuiltin(id, running.port, clients, settings);
  const [conservation] = checkValidity(load, { holds: false });
  assert.ok(conservation?.ok, conservation?.message);
  return load;
}

describe('a scenario', { concurrency: 3 }, () => {
  for (const server of samples(['ts-prethread-queue', 'ts-loop', 'ts-cluster'], 1)) {
    test(`names: ${server} finds every name that is registered, and none that is not or has expired`, async () => {
      const load = await run('names', server, 4, { ttl: '400ms', expire: 'true', unknown: '30' });
      assert.equal(load.clients.completed, 4);
      assert.deepEqual([load.counters['wrong'], load.counters['stale']], [0, 0]);
      assert.ok((load.counters['notFound'] ?? 0) > 0);
      // That a name is not there is the right answer. (One may run out on the way to the server, once a client.)
      const { answer = 0, ...others } = load.exchanges.errors;
      assert.ok(answer <= 4, `${answer}`);
      assert.deepEqual(others, {});
    });
  }

  const guarded = [
    ['ts-prethread-accept', 'lock'],
    ['ts-prefork-pass', 'atomic'],
    ['ts-loop', 'none'],
    ['ts-prefork-accept', 'lock'],
    ['ts-iterative', 'none'],
  ] as const;
  for (const [server, guard] of samples(guarded, 3)) {
    test(`counter: ${server} loses no update with guard=${guard}`, async () => {
      const load = await run('counter', server, 6, { guard, updates: '20' });
      assert.equal(load.clients.completed, 6);
      assert.equal(load.counters['lost'], 0);
    });
  }

  for (const server of samples(['ts-cluster', 'ts-prethread-queue'], 1)) {
    test(`counter: ${server} loses updates without a guard, and the scenario counts them`, async () => {
      const load = await run('counter', server, 6, { guard: 'none', updates: '30', between: '1ms' });
      assert.ok((load.counters['lost'] ?? 0) > 0, JSON.stringify(load.counters));
    });
  }

  for (const server of samples(['ts-prefork-accept', 'ts-thread'], 1)) {
    test(`cookie: workers of ${server} die, and every client goes on to the right total`, async () => {
      const load = await run('cookie', server, 3, { updates: '12', crash: '8', forged: '2' });
      assert.equal(load.clients.completed, 3);
      assert.deepEqual([load.counters['wrong'], load.counters['accepted']], [0, 0]);
      assert.ok((load.counters['wentOn'] ?? 0) > 0);
      assert.equal(load.exchanges.errors['answer'], undefined);
    });
  }

  test('nested: the chain answers, and into itself too where a server serves several at once', async () => {
    const load = await run('nested', 'ts-loop', 3, { recursive: 'true', calls: '5', deadline: '50s' });
    assert.equal(load.clients.completed, 3);
    assert.equal(load.counters['blocked'], 0);
    assert.equal(load.histograms['hop']?.count, 15);
  });

  const blocking = [
    ['ts-iterative', 1],
    ['ts-prethread-queue', 2],
  ] as const;
  for (const [server, clients] of samples(blocking, 1)) {
    test(`nested: ${server} with no worker free for its own call ends it with a deadline`, async () => {
      const load = await run('nested', server, clients, { recursive: 'true', deadline: '600ms' });
      assert.equal(load.clients.completed, clients);
      // Who gives up leaves its worker to the others.
      assert.ok((load.counters['blocked'] ?? 0) > 0);
      const said = load.firstErrors.find(({ kind }) => kind === 'answer')?.message ?? '';
      // Usually the call back into nested-1; on a slow machine a server before it may be the first to give up.
      assert.match(said, /nested-[123] \(127\.0\.0\.1:\d+\) did not answer within \d+ ms/);
    });
  }

  test('calls: each over a connection of its own, or all over one', async () => {
    const fresh = await run('calls', 'ts-thread', 2, { calls: '3', work: '200us' });
    assert.deepEqual([fresh.connects.completed, fresh.histograms['call']?.count], [6, 6]);
    const kept = await run('calls', 'ts-thread', 2, { calls: '3', work: '200us', connections: 'kept' });
    assert.deepEqual([kept.connects.completed, kept.histograms['call']?.count], [2, 6]);
  });

  test('http: the load tool’s requests are all accounted for, and its figures are there', async () => {
    const load = await run('http', 'ts-loop', 4, { duration: '1s', size: '100', pipelining: '3' });
    assert.deepEqual([load.clients.completed, load.peakEstablished], [4, 4]);
    assert.ok((load.counters['toolRequests'] ?? 0) > 0);
    assert.ok((load.histograms['response']?.p50 ?? 0) > 0);
    assert.ok(load.histograms['latency']);
    assert.equal(load.exchanges.inFlight, 4 * 3);
  });

  test('http: with a rate its times are service times, and no latency is claimed', async () => {
    const load = await run('http', 'ts-loop', 2, { duration: '1s', rate: '40/s' });
    assert.equal(load.histograms['latency'], undefined);
    assert.ok((load.histograms['service']?.count ?? 0) > 0);
    assert.equal(load.rate?.offeredPerSecond, 40);
  });

  test('http: a connection that no worker takes is a failed client', async () => {
    const load = await run('http', 'ts-prethread-accept', 5, { duration: '1s' });
    assert.deepEqual([load.clients.completed, load.clients.failed], [2, 3]);
    assert.equal(load.connects.inFlight, 3);
  });

  test('http: a rate that the tool would meet with fewer connections is refused', async () => {
    await assert.rejects(run('http', 'ts-loop', 5, { rate: '4/s' }), /less than one request a second/);
  });
});
