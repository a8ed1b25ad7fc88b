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
const CLOSING = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok';
const status = (line: string): string => `HTTP/1.1 ${line}\r\ncontent-length: 0\r\n\r\n`;
/** Says nothing of its length: the answer ends with the connection. */
const UNTIL_CLOSED = 'HTTP/1.0 200 OK\r\n\r\nok';

/** So many requests a server is asked at least; a machine that had no time for that much tries again. */
const LEAST = 20;

async function shootAt(...[answer, settings, signal]: Parameters<typeof shoot>): Promise<LoadResult> {
  for (;;) {
    const { load, requests } = await shoot(answer, settings, signal);
    if (requests >= LEAST) return load;
  }
}

async function shoot(
  /** @param n how many requests have come, this one included */
  answer: (socket: Socket, n: number) => void,
  settings: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Promise<{ readonly load: LoadResult; readonly requests: number }> {
  let requests = 0;
  await using server = await serve(
    (socket) =>
      void socket.on('data', (chunk: Buffer) => {
        // Answers that take their time keep the load small.
        for (const _ of chunk.toString('latin1').matchAll(/^(?:GET|POST) /gm))
          setTimeout(() => answer(socket, (requests += 1)), 2);
      }),
  );
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
  return { load, requests };
}

describe('the HTTP load tool', { concurrency: 3 }, () => {
  test('a server that closes after each answer, and does not say so, costs the request that was under way', async () => {
    const load = await shootAt((socket) => socket.end(OK));
    assert.ok(load.exchanges.completed > 0);
    const { closed = 0, reset = 0, ...others } = load.exchanges.errors;
    assert.ok(closed + reset > 0);
    assert.deepEqual(others, {});
    // Each connection waits for one answer at a time.
    const { count = 0, mean = 0 } = load.histograms['latency'] ?? {};
    assert.ok(
      (count * mean) / 1000 <= 3 * load.elapsedMs,
      'an answer is told with the time of its own request',
    );
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

  for (const [line, kind] of [
    ['304 Not Modified', '3xx'],
    ['404 Not Found', '4xx'],
    ['500 Internal Server Error', '5xx'],
    ['101 Switching Protocols', 'answer'],
  ] as const) {
    test(`nothing but ${line}: each is an error of its class with the server's words, and nobody was served`, async () => {
      const load = await shootAt((socket) => void socket.write(status(line)));
      assert.equal(load.exchanges.completed, 0);
      assert.ok((load.exchanges.errors[kind] ?? 0) > 0, JSON.stringify(load.exchanges));
      assert.equal(load.exchanges.errors[kind], load.counters['non2xx']);
      assert.deepEqual(load.firstErrors, [{ kind, message: line }]);
      assert.deepEqual([load.clients.completed, load.clients.failed], [0, 3]);
    });
  }

  test('one 503 in ten answers is one error in ten, and all others are completed', async () => {
    const load = await shootAt(
      (socket, n) => void socket.write(n % 10 === 0 ? status('503 Service Unavailable') : OK),
    );
    const { completed, errors } = load.exchanges;
    assert.deepEqual(Object.keys(errors), ['5xx']);
    assert.ok(Math.abs((errors['5xx'] ?? 0) - completed / 9) <= 1, JSON.stringify(load.exchanges));
  });

  test('the time in which a client waits for an answer that is an error is accounted for', async () => {
    const load = await shootAt(
      (socket, n) => void socket.write(n % 2 === 0 ? status('503 Service Unavailable') : OK),
    );
    // Without it, half of the time would be missing.
    const share = (load.window?.responseMs ?? 0) / (3 * load.windowMs);
    assert.ok(share > 0.75, `${share}`);
  });

  for (const [what, answer] of [
    ['Connection: close', CLOSING],
    ['an answer that ends with its connection', UNTIL_CLOSED],
  ] as const) {
    test(`${what} on every answer: each is completed, each connection is made again and counted, none is held`, async () => {
      let answered = 0;
      const load = await shootAt((socket) => {
        answered += socket.writable ? 1 : 0;
        socket.end(answer);
      });
      const { completed, errors } = load.exchanges;
      assert.deepEqual(errors, {});
      assert.ok(completed > 3 && completed <= answered, `${completed} of ${answered}`);
      assert.ok(Math.abs((load.counters['reconnects'] ?? 0) - completed) <= 3, JSON.stringify(load.counters));
      assert.ok(Math.abs(load.connects.completed - completed) <= 3, JSON.stringify(load.connects));
      assert.equal(load.peakEstablished, 0);
      assert.deepEqual(
        checkValidity(load, { holds: true }).filter(({ id }) => id === 'established'),
        [],
      );
    });
  }

  test('informational answers are not answers: each request has one, and is sent once', async () => {
    let requests = 0;
    const load = await shootAt((socket, n) => {
      requests = n;
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${OK}`);
    });
    assert.deepEqual(load.exchanges.errors, {});
    assert.ok(
      Math.abs(load.exchanges.completed - requests) <= 3,
      `${load.exchanges.completed} of ${requests}`,
    );
    assert.ok(Math.abs((load.counters['informational'] ?? 0) - 2 * requests) <= 6);
  });

  test('the body has to come back where it was sent to be returned', async () => {
    const short = await shootAt((socket) => void socket.write(OK), { size: '10' });
    assert.equal(short.exchanges.completed, 0);
    assert.deepEqual(short.firstErrors, [
      { kind: 'mismatch', message: '200, but 2 bytes came back where 10 were sent' },
    ]);
    const other = await shootAt((socket) => void socket.write(OK), { size: '2' });
    assert.deepEqual(other.firstErrors, [
      { kind: 'mismatch', message: '200, but other bytes came back than were sent' },
    ]);
    const elsewhere = await shootAt((socket) => void socket.write(OK), { size: '2', path: '/save' });
    assert.deepEqual(elsewhere.exchanges.errors, {});
  });

  test('what is not HTTP, and an answer that is longer than it says, are errors of the protocol', async () => {
    const load = await shootAt((socket) => void socket.write('220 mail.example ESMTP\r\n'));
    assert.equal(load.exchanges.completed, 0);
    assert.match(load.firstErrors[0]?.message ?? '', /^the answer is not HTTP/);
    const longer = await shootAt((socket) => void socket.write(`${OK} and more\r\n`));
    assert.ok((longer.exchanges.errors.protocol ?? 0) > 0, JSON.stringify(longer.exchanges));
  });

  test('a server that never answers is a deadline for each request, and no connection was served', async () => {
    const { load } = await shoot(() => undefined, { duration: '2s', timeout: '1s' });
    assert.ok((load.exchanges.errors.deadline ?? 0) >= 3);
    assert.deepEqual(Object.keys(load.exchanges.errors), ['deadline']);
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
