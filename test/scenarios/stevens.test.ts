import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { inProcessBackend } from '../load/fixtures/in-process-backend.ts';
import type { LoadResult } from '../../harness/results/schema/load.ts';
import { parametersFrom } from '../../harness/scenario/parameter.ts';
import { loadScenario } from '../../scenarios/catalogue.ts';
import { loadSpec } from '../load/fixtures/run-shard.ts';
import { serve } from '../load/fixtures/servers.ts';

async function runStevens(
  port: number,
  clients: number,
  settings: Readonly<Record<string, string>>,
): Promise<LoadResult> {
  const scenarioModule = 'builtin:stevens';
  const { parameters: declared } = await loadScenario(scenarioModule);
  const parameters = parametersFrom(declared, new Map(Object.entries(settings)));
  const never = new AbortController().signal;
  await using backend = inProcessBackend();
  await using fleet = await backend.acquire(loadSpec({ scenarioModule, parameters, port, clients }), never);
  await fleet.prepare();
  return await fleet.run(never);
}

void test('every client makes its connections one after another and reads as many bytes as it asked for', async () => {
  const lines: string[] = [];
  let open = 0;
  let mostOpen = 0;
  await using server = await serve((socket) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    socket.once('close', () => (open -= 1));
    socket.on('data', (chunk: Buffer) => {
      lines.push(chunk.toString('latin1'));
      socket.write(Buffer.alloc(Number.parseInt(chunk.toString('latin1'), 10), 'x'));
    });
  });
  const result = await runStevens(server.port, 1, { loops: '7', bytes: '3000' });
  assert.deepEqual(result.clients, { asked: 1, completed: 1, lost: 0, failed: 0, stopped: 0 });
  assert.deepEqual(lines, Array<string>(7).fill('3000\n'));
  assert.equal(result.connects.completed, 7);
  assert.equal(result.exchanges.completed, 7);
  assert.equal(result.bytesReceived, 7 * 3000);
  assert.ok(mostOpen <= 2, 'a close may still be on its way when the next connection comes');
});

void test('a server that closes before all bytes are there fails the client', async () => {
  await using server = await serve((socket) => {
    socket.once('data', () => socket.end(Buffer.alloc(10, 'x')));
  });
  const result = await runStevens(server.port, 2, { loops: '3', bytes: '100' });
  assert.equal(result.clients.failed, 2);
  assert.deepEqual(result.exchanges.errors, { closed: 2 });
});
