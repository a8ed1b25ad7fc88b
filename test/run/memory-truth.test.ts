/** Memory per connection against servers that know what they touch: docs/method/observation.md, "Memory". */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { CORE_METRICS, readMetric, whyNotResolved } from '../../harness/results/metrics.ts';
import type { ResourceUse } from '../../harness/results/schema/trial.ts';
import { knownCommand, missingKnownServer, type Behaviour } from '../../harness/lab/truth/known-server.ts';
import { openRig } from '../../harness/rig/rig.ts';
import { observeLoad, type ObservedLoad } from '../../harness/run/observed-load.ts';
import { inProcessBackend } from '../load/fixtures/in-process-backend.ts';

const never = new AbortController().signal;
const rig = openRig();
after(() => rig[Symbol.asyncDispose]());

interface Served {
  readonly clients: number;
  /** Pause between the exchanges of a client. */
  readonly think?: string;
}

/** Holds clients at a server that behaves so, and tells what was seen. */
async function held(behaviour: Behaviour, { clients, think = '100ms' }: Served): Promise<ObservedLoad> {
  const command = knownCommand({ wire: 'raw', ...behaviour });
  await using server = await rig.startServer({ name: 'memory', command, cores: undefined });
  await server.ready({ announces: false, deadlineMs: 10_000 }, never);
  return await observeLoad(
    {
      scenarioModule: 'builtin:echo',
      parameters: { duration: 20_000, size: 64, think, rate: 0, arrivals: 'constant', raw: true },
      host: '127.0.0.1',
      port: server.port,
      clients,
      seed: 1,
      deadlineMs: 20_000,
      warmupMs: 0,
      folder: '/nowhere',
    },
    server,
    { backend: inProcessBackend(), samplePeriodMs: 100, holds: true, heldForMs: 300, signal: never },
  );
}

function metric(id: string) {
  const found = CORE_METRICS.find((each) => each.id === id);
  assert.ok(found, id);
  return found;
}

const PER_CONNECTION = metric('memory-per-connection');

function perConnection(seen: ObservedLoad): number {
  const value = readMetric(PER_CONNECTION, seen, 0);
  assert.ok(value !== undefined, whyNotResolved(PER_CONNECTION, seen, 0) ?? 'no figure');
  return value;
}

function perClient({ peakRssBytes, baselineRssBytes }: ResourceUse, clients: number): number {
  return (peakRssBytes - baselineRssBytes) / clients;
}

describe('memory per connection', { skip: missingKnownServer() ?? false }, () => {
  test('is not what a child shares with its large parent', async () => {
    const seen = await held({ serve: 'process', 'parent-bytes': 100e6 }, { clients: 30 });
    assert.ok(perConnection(seen) < 0.5e6, `${perConnection(seen)} bytes`);
    assert.ok(perClient(seen.resources, 30) > 50e6, 'RSS counts the parent once more for each child');
    const peak = readMetric(metric('pss-peak'), seen, 0);
    assert.ok(peak !== undefined && peak < 120e6, `${peak} bytes at the peak`);
  });

  test('is what a thread touches for one, however many exchanges are made on it', async () => {
    const mebibyte = 1024 * 1024;
    for (const think of ['100ms', '0']) {
      const bytes = perConnection(await held({ 'memory-bytes': mebibyte }, { clients: 8, think }));
      assert.ok(Math.abs(bytes / mebibyte - 1) < 0.05, `${bytes} bytes with ${think} between exchanges`);
    }
  });

  test('is not resolved, rather than 0, where it is less than a page for each process', () => {
    // Served by one thread whose memory was touched before: a connection takes none but the kernel's.
    const resources = { readyPssBytes: 1e6, holdPssBytes: 1e6, holdConnections: 8, pssStepBytes: 4096 };
    const trial = { resources, checks: [] } as unknown as ObservedLoad;
    const fell = { resources: { ...resources, holdPssBytes: 0.8e6 }, checks: [] } as unknown as ObservedLoad;
    assert.match(whyNotResolved(PER_CONNECTION, fell, 0) ?? '', /PSS fell by 0\.2 MB/);
    assert.equal(readMetric(PER_CONNECTION, trial, 0), undefined);
    assert.match(
      whyNotResolved(PER_CONNECTION, trial, 0) ?? '',
      /8 connections .* less than a page a process \(4 KiB\)/,
    );
  });
});
