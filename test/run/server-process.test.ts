import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { readTree } from '../../harness/observe/tree/tree.ts';
import { freePort } from '../../harness/rig/port.ts';
import { waitUntilReady } from '../../harness/rig/ready.ts';
import { ServerProcess } from '../../harness/rig/server-process.ts';
import { stopTree } from '../../harness/rig/stop.ts';
import { eventually } from '../waiting.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-server-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let marks = 0;
const HOST = '127.0.0.1';
const never = new AbortController().signal;

/** Starts a server given as a node program; `{port}` is its first argument. */
async function start(program: string): Promise<{ server: ServerProcess; port: number; mark: string }> {
  const mark = `test-${process.pid}-${marks++}`;
  const port = await freePort(HOST);
  const server = await ServerProcess.start({
    command: [process.execPath, '-e', program, '{port}'],
    host: HOST,
    port,
    stopSignal: 'SIGTERM',
    mark,
    logPath: join(folder, mark),
  });
  return { server, port, mark };
}

const LISTEN = `require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1');`;
const ready = { announces: false, deadlineMs: 60_000 };

describe('a server process', () => {
  it('is ready when its own tree listens on the port, and gone after it was asked to stop', async () => {
    const { server, port, mark } = await start(LISTEN);
    await using running = server;
    assert.ok(running.pid > 0);
    assert.equal(await waitUntilReady(server, { port, mark, ...ready }, never), undefined);
    const outcome = await stopTree(server, mark, 60_000);
    assert.deepEqual(outcome, { killed: false, leftBehind: [] });
    assert.deepEqual(await server.exited, { kind: 'signalled', signal: 'SIGTERM' });
  });

  it('is waited for until its ready line where it announces itself', async () => {
    const { server, port, mark } = await start(
      `${LISTEN} process.on('SIGUSR2', () => console.log('{"event":"ready"}')); console.log('listening');`,
    );
    await using running = server;
    assert.ok(running.pid > 0);
    let isReady = false;
    const waiting = waitUntilReady(server, { port, mark, announces: true, deadlineMs: 60_000 }, never).then(
      (failure) => {
        isReady = true;
        return failure;
      },
    );
    assert.equal(await waitUntilReady(server, { port, mark, ...ready }, never), undefined);
    await eventually('the server to say so', () => server.output().includes('listening'));
    assert.equal(isReady, false);
    process.kill(server.pid, 'SIGUSR2');
    assert.equal(await waiting, undefined);
  });

  it('that ends early is noticed at once, with exit code and last words', async () => {
    const { server, port, mark } = await start(`console.error('no such file: config'); process.exit(7);`);
    await using running = server;
    assert.ok(running.pid > 0);
    const failure = await waitUntilReady(server, { port, mark, ...ready }, never);
    assert.equal(failure?.kind, 'exited-early');
    assert.equal(failure.exitCode, 7);
    assert.match(failure.stderrTail ?? '', /no such file: config/);
  });

  it('that never listens fails at its deadline, and says what was waited for', async () => {
    const { server, port, mark } = await start('setInterval(() => {}, 1000);');
    await using running = server;
    assert.ok(running.pid > 0);
    const failure = await waitUntilReady(server, { port, mark, announces: false, deadlineMs: 50 }, never);
    assert.equal(failure?.kind, 'never-ready');
    assert.match(failure.message, new RegExp(`LISTEN socket on port ${port}`));
  });

  it('is not mistaken for a stranger on its port', async () => {
    const stranger = await start(LISTEN);
    await using other = stranger.server;
    assert.ok(other.pid > 0);
    await waitUntilReady(stranger.server, { port: stranger.port, mark: stranger.mark, ...ready }, never);
    const { server, mark } = await start('setInterval(() => {}, 1000);');
    await using running = server;
    assert.ok(running.pid > 0);
    const failure = await waitUntilReady(server, { port: stranger.port, mark, ...ready }, never);
    assert.equal(failure?.kind, 'port-taken');
    assert.match(failure.message, new RegExp(`pid ${stranger.server.pid}`));
  });

  it('that ignores SIGTERM and leaves children in other sessions is killed to the last', async () => {
    const { server, port, mark } = await start(`
      process.on('SIGTERM', () => {});
      const { spawn } = require('node:child_process');
      spawn('sleep', ['300'], { stdio: 'ignore' });
      spawn('setsid', ['sh', '-c', 'trap "" TERM; sleep 301'], { stdio: 'ignore', detached: true }).unref();
      ${LISTEN}
    `);
    await using running = server;
    assert.ok(running.pid > 0);
    assert.equal(await waitUntilReady(server, { port, mark, ...ready }, never), undefined);
    const outcome = await stopTree(server, mark, 100);
    assert.deepEqual(outcome, { killed: true, leftBehind: [] });
    assert.deepEqual(readTree(server.pid, { groupId: server.pid, mark }), []);
  });

  it('that cannot be started is an error that names the program', async () => {
    const starting = ServerProcess.start({
      command: ['/nowhere/server', '{port}'],
      host: HOST,
      port: 1,
      stopSignal: 'SIGTERM',
      mark: 'test-none',
      logPath: join(folder, 'none'),
    });
    await assert.rejects(
      starting,
      (error) => error instanceof UnfitError && /\/nowhere\/server/.test(error.message),
    );
  });
});
