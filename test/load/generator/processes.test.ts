import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { processesBackend } from '../../../harness/load/generator/processes.ts';
import { loadSpec } from '../fixtures/run-shard.ts';
import { serveFrames } from '../fixtures/servers.ts';
import { eventually } from '../../waiting.ts';

const never = new AbortController().signal;
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

const gone = (pid: number): Promise<boolean> =>
  eventually(`process ${pid} to be gone`, () => !existsSync(`/proc/${pid}`));

void test('a generator that dies fails the load with an error that names it, and the next load has a new one', async () => {
  await using server = await serveFrames();
  await using backend = processesBackend({ generators: 2 });
  const spec = loadSpec({ scenarioModule: fixture('suicidal.ts'), port: server.port, clients: 4 });
  {
    await using fleet = await backend.acquire(spec, never);
    await fleet.prepare();
    await assert.rejects(fleet.run(never), {
      exitCode: 3,
      message: /Load generator 1 of 2 \(pid \d+\) ended by SIGKILL/,
    });
  }
  const again = loadSpec({
    scenarioModule: 'builtin:session',
    parameters: { exchanges: 1, think: '0', patience: 60_000, size: 8 },
    port: server.port,
    clients: 4,
  });
  await using fleet = await backend.acquire(again, never);
  await fleet.prepare();
  assert.equal((await fleet.run(never)).clients.completed, 4);
});

void test('generators are kept from load to load', async () => {
  await using backend = processesBackend({ generators: 2 });
  const spec = loadSpec({ port: 1, clients: 2 });
  const first = await backend.acquire(spec, never);
  await first[Symbol.asyncDispose]();
  await using second = await backend.acquire(spec, never);
  assert.deepEqual(new Set(second.pids), new Set(first.pids));
});

void test('disposing the backend ends its generators', async () => {
  const backend = processesBackend({ generators: 2 });
  const fleet = await backend.acquire(loadSpec({ port: 1, clients: 2 }), never);
  await backend[Symbol.asyncDispose]();
  await Promise.all(fleet.pids.map(gone));
});

void test('generators end by themselves when the harness is killed', async () => {
  const harness = spawn(process.execPath, [fixture('holds-generators.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(harness.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(chunk.toString()) as number[];
  assert.equal(pids.length, 2);
  harness.kill('SIGKILL');
  await once(harness, 'exit');
  await Promise.all(pids.map(gone));
});
