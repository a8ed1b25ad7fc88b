import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnfitError } from '../../harness/errors.ts';
import { CpuCgroup } from '../../harness/observe/cpu/cgroup.ts';
import { isUnreadable } from '../../harness/observe/unreadable.ts';
import { readTree } from '../../harness/observe/tree/tree.ts';
import { openRig } from '../../harness/rig/rig.ts';
import { ServerFailure } from '../../harness/rig/server-failure.ts';
import type { ServerUnderTest } from '../../harness/rig/server-under-test.ts';
import { markedProcesses } from '../cli/marked.ts';
import { eventually, within } from '../waiting.ts';

const logs = mkdtempSync(join(tmpdir(), 'holdfast-rig-test-'));
const rig = openRig({ logs });
after(async () => {
  await rig[Symbol.asyncDispose]();
  rmSync(logs, { recursive: true });
});

const never = new AbortController().signal;
let names = 0;

/** Starts a server given as a node program; its port is its first argument. */
function start(program: string): Promise<ServerUnderTest> {
  const command = [process.execPath, '-e', program, '{port}'];
  return rig.startServer({ name: `server-${names++}`, command });
}

/** Why a server did not get ready. */
async function failureOf(gettingReady: Promise<void>): Promise<ServerFailure> {
  try {
    await gettingReady;
  } catch (error) {
    assert.ok(error instanceof ServerFailure);
    return error;
  }
  throw new assert.AssertionError({ message: 'the server is ready' });
}

const LISTEN = `require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1');`;
const HARNESS = `
  const { openRig } = await import(${JSON.stringify(new URL('../../harness/rig/rig.ts', import.meta.url))});
  const rig = openRig();
  const server = await rig.startServer({ name: 'one', command: ['sleep', '303'] });
  console.log(rig.mark, server.pid);
`;
const IDLE = 'setInterval(() => {}, 1000);';
const ready = { announces: false, deadlineMs: 60_000 };

describe('a server under test', () => {
  it('is ready when its own tree listens on the port, and gone after it was asked to stop', async () => {
    await using server = await start(LISTEN);
    await server.ready(ready, never);
    assert.deepEqual(server.pids(), [server.pid]);
    assert.deepEqual(await server.stop(60_000), { killed: false, leftBehind: [] });
    assert.deepEqual(server.exit, { kind: 'signalled', signal: 'SIGTERM' });
    assert.throws(() => server.throwIfEnded('under load'), /ended under load: killed by SIGTERM/);
  });

  it('is waited for until its ready line where it announces itself', async () => {
    await using server = await start(
      `${LISTEN} process.on('SIGUSR2', () => console.log('{"event":"ready"}')); console.log('listening');`,
    );
    let isReady = false;
    const waiting = server.ready({ announces: true, deadlineMs: 60_000 }, never).then(() => {
      isReady = true;
    });
    await server.ready(ready, never);
    await eventually('the server to say so', () => server.output().includes('listening'));
    assert.equal(isReady, false);
    process.kill(server.pid, 'SIGUSR2');
    await waiting;
  });

  it('that ends early is noticed at once, with exit code and last words', async () => {
    await using server = await start(`console.error('no such file: config'); process.exit(7);`);
    const { failure, message } = await failureOf(server.ready(ready, never));
    assert.equal(failure.kind, 'exited-early');
    assert.equal(failure.exitCode, 7);
    assert.match(failure.stderrTail ?? '', /no such file: config/);
    assert.match(message, /Its last words: no such file: config/);
  });

  it('that never listens fails at its deadline, and says what was waited for', async () => {
    await using server = await start(IDLE);
    const { failure } = await failureOf(server.ready({ announces: false, deadlineMs: 50 }, never));
    assert.equal(failure.kind, 'never-ready');
    assert.match(failure.message, new RegExp(`LISTEN socket on port ${server.port}`));
  });

  it('is not mistaken for a stranger on its port', async () => {
    await using stranger = await start(LISTEN);
    await stranger.ready(ready, never);
    await using server = await start(IDLE);
    const { failure } = await failureOf(Object.assign(server, { port: stranger.port }).ready(ready, never));
    assert.equal(failure.kind, 'port-taken');
    assert.match(failure.message, new RegExp(`pid ${stranger.pid}`));
  });

  it('that ignores SIGTERM and leaves children in other sessions is killed to the last', async () => {
    await using server = await start(`
      process.on('SIGTERM', () => {});
      const { spawn } = require('node:child_process');
      spawn('sleep', ['300'], { stdio: 'ignore' });
      spawn('setsid', ['sh', '-c', 'trap "" TERM; sleep 301'], { stdio: 'ignore', detached: true }).unref();
      ${LISTEN}
    `);
    await server.ready(ready, never);
    assert.deepEqual(await server.stop(100), { killed: true, leftBehind: [] });
    assert.deepEqual(readTree(server.pid, { groupId: server.pid, mark: server.mark }), []);
  });

  it('that sends a daemon out of tree, group, session and environment is killed with it by its cgroup', async (t) => {
    const cgroup = CpuCgroup.create('probe');
    if (isUnreadable(cgroup)) return t.skip('no cgroup can be made here');
    cgroup.remove();
    await using server = await start(`
      const { spawn } = require('node:child_process');
      spawn('setsid', ['-f', 'env', '-i', 'sh', '-c', 'echo $$ >&2; exec sleep 302'], { stdio: ['ignore', 'ignore', 'inherit'] });
      ${LISTEN}
    `);
    await server.ready(ready, never);
    const daemon = await eventually(
      'the daemon to name itself',
      () => Number(server.stderrTail()) || undefined,
    );
    assert.deepEqual(server.pids().includes(daemon), false);
    assert.deepEqual((await server.stop(60_000)).leftBehind, []);
    assert.throws(() => process.kill(daemon, 0), { code: 'ESRCH' });
  });

  it('may write as much as it likes: the first and the last part are kept', async (t) => {
    await using server = await start(`
      const { writeSync } = require('node:fs');
      const line = Buffer.from('x'.repeat(99) + '\\n');
      writeSync(1, 'the first line\\n');
      for (let i = 0; i < 100; i++) writeSync(1, Buffer.alloc(1 << 20, line));
      writeSync(1, 'the last line\\n');
      ${LISTEN}
    `);
    const log = join(logs, `server-${names - 1}.out`);
    await server.ready(ready, never);
    const scratch = join(logs, 'scratch');
    writeFileSync(scratch, Buffer.alloc(65_536, 1));
    const { status } = spawnSync('fallocate', ['--punch-hole', '--length', '65536', scratch]);
    if (status === 0)
      await eventually('the middle of the log to go', () => statSync(log).blocks * 512 < 5 << 20);
    else t.diagnostic('no holes can be made here: logs grow until their process ends');
    const whole =
      /^the first line\nx[^]*x\n*… \d+,\d{3},\d{3} bytes are left out here …\nx[^]*x\n*the last line\n$/;
    assert.ok(whole.test(server.output()), 'the first and the last part, while it runs');
    await server.stop(60_000);
    assert.ok(whole.test(readFileSync(log, 'utf8')), 'and in the file after its end');
    assert.ok(statSync(log).size < 150_000);
  });

  it('that cannot be started is an error that names the program', async () => {
    const starting = rig.startInForeground({ name: 'none', command: ['/nowhere/server'] });
    await assert.rejects(
      starting,
      (error) => error instanceof UnfitError && /\/nowhere\/server/.test(error.message),
    );
  });
});

describe('a process that is talked to by lines', () => {
  const ECHO = `
    console.log('{"event":"ready","port":7}');
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      if (line === 'crash') { console.error('out of cheese'); process.exit(1); }
      if (line !== 'silence') console.log('you said ' + line);
    });`;
  const talk = (program = ECHO) =>
    rig.startLineProcess({ name: 'talker', command: [process.execPath, '-e', program] }, never);

  it('is ready at its first line, and answers', async () => {
    await using talker = await talk();
    assert.equal(talker.port, 7);
    assert.equal(await talker.ask('hello', never), 'you said hello');
    assert.equal(await talker.ask('again', never), 'you said again');
  });

  it('that ends, or does not answer, is an error that says so', async () => {
    await using first = await talk();
    await assert.rejects(first.ask('crash', never), /talker ended before it answered.*out of cheese/);
    await using second = await talk();
    await assert.rejects(second.ask('silence', never, 20), /talker did not answer within 20 ms/);
    await assert.rejects(talk('process.exit(3)'), /talker ended before it answered/);
  });

  it('is killed when its answer is no longer waited for', async () => {
    await using talker = await talk();
    const stop = new AbortController();
    const asking = talker.ask('silence', stop.signal);
    stop.abort('SIGINT');
    await assert.rejects(asking, (error) => error === 'SIGINT');
    assert.deepEqual(await talker.exited, { kind: 'signalled', signal: 'SIGKILL' });
  });
});

describe('a rig', () => {
  it('stops whatever still runs when it is disposed of', async () => {
    const own = openRig();
    const server = await own.startServer({ name: 'one', command: [process.execPath, '-e', IDLE] });
    assert.deepEqual(markedProcesses(`${own.mark}-`), [server.pid]);
    await own[Symbol.asyncDispose]();
    assert.deepEqual(markedProcesses(`${own.mark}-`), []);
  });

  it('kills what a harness left that was killed together with its guard', async () => {
    const harness = spawn(process.execPath, ['--input-type=module', '-e', HARNESS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await within('the harness', once(harness.stdout, 'data'))) as [Buffer];
    const [mark = '', pid = ''] = String(line).trim().split(' ');
    const [guard = ''] = execFileSync('pgrep', ['-f', `holdfast-guard HOLDFAST_SERVER=${mark}$`], {
      encoding: 'utf8',
    }).split('\n');
    process.kill(Number(guard), 'SIGKILL');
    harness.kill('SIGKILL');
    await once(harness, 'exit');
    assert.deepEqual(markedProcesses(`${mark}-`), [Number(pid)]);
    await using next = openRig();
    assert.notEqual(next.mark, mark);
    await eventually('the server to be gone', () => markedProcesses(`${mark}-`).length === 0);
  });
});
