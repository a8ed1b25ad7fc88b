/** The HTTP load tool against servers that do not keep to it: every request lands in its own account, and none is lost. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { inProcessBackend } from '../fixtures/in-process-backend.ts';
import { checkValidity } from '../../../harness/load/accounts/validity.ts';
import type { LoadResult } from '../../../harness/results/schema/load.ts';
import { parametersFrom } from '../../../harness/scenario/parameter.ts';
import { loadScenario } from '../../../scenarios/catalogue.ts';
import { loadSpec } from '../fixtures/run-shard.ts';
import { serve } from '../fixtures/servers.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const FAILED = 'HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n';

async function shootAt(
  answer: (socket: Socket) => void,
  settings: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Promise<LoadResult> {
  await using server = await serve((socket) => void socket.on('data', () => answer(socket)));
  const scenario = await loadScenario('builtin:http');
  const parameters = parametersFrom(
    scenario.parameters,
    new Map(Object.entries({ duration: '1s', ...settings })),
  );
  await using backend = inProcessBackend();
  const spec = loadSpec({ scenarioModule: 'builtin:http', parameters, port: server.port, clients: 3 });
  await using fleet = await backend.acquire(spec, signal);
  await fleet.prepare();
  const load = await fleet.run(signal);
  const [conservation] = checkValidity(load, { holds: false });
  assert.ok(conservation?.ok, `${conservation?.message} ${JSON.stringify(load.exchanges)}`);
  return load;
}

describe('the HTTP load tool', { concurrency: 3 }, () => {
  test('a server that closes after each answer costs the request that was under way, each time', async () => {
    const load = await shootAt((socket) => socket.end(OK));
    assert.ok(load.exchanges.completed > 0);
    assert.ok((load.exchanges.errors.closed ?? 0) > 0);
  });

  test('a server that resets in the middle of an answer', async () => {
    const load = await shootAt((socket) => {
      socket.write(OK.slice(0, 20));
      setImmediate(() => socket.resetAndDestroy());
    });
    assert.equal(load.exchanges.completed, 0);
    assert.ok((load.exchanges.errors.reset ?? 0) > 0, JSON.stringify(load.exchanges));
    assert.deepEqual([load.clients.completed, load.clients.failed], [0, 3]);
  });

  test('answers of another status than 2xx are errors, and counted by themselves', async () => {
    const load = await shootAt((socket) => void socket.write(FAILED));
    assert.equal(load.exchanges.completed, 0);
    assert.equal(load.exchanges.errors.answer, load.counters['non2xx']);
    assert.deepEqual(load.firstErrors, [{ kind: 'answer', message: 'the server answered with status 500' }]);
  });

  test('a server that never answers is a deadline for each request, and no connection was served', async () => {
    const load = await shootAt(() => undefined, { duration: '2s', timeout: '1s' });
    assert.ok((load.exchanges.errors.deadline ?? 0) >= 3);
    assert.deepEqual([load.peakEstablished, load.connects.inFlight], [0, 3]);
  });

  test('a load that is stopped early says what was seen until there', async () => {
    const stop = new AbortController();
    let answers = 0;
    const load = await shootAt(
      (socket) => {
        socket.write(OK);
        answers += 1;
        if (answers === 10) stop.abort('enough');
      },
      { duration: '60s' },
      stop.signal,
    );
    assert.deepEqual(load.clients, { asked: 3, completed: 0, lost: 0, failed: 0, stopped: 3 });
    assert.ok(load.exchanges.completed >= 10);
  });
});
