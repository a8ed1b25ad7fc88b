/** The bare epoll client: what it counts is what it did. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { findVariant } from '../../../servers/catalogue.ts';
import type { CommandOptions } from '../../../servers/command-line.ts';
import { start } from '../conformance/server.ts';
import type { Server } from '../conformance/server.ts';
import { build, CLIENT } from './build.ts';

const built = build('all');

interface Report {
  readonly connections: number;
  readonly messages: number;
  readonly errors: number;
  readonly elapsedNs: number;
  readonly userCpuNs: number;
  readonly systemCpuNs: number;
  readonly messagesPerSecond: number;
}

interface Ran {
  readonly code: number | null;
  readonly report: Report;
}

async function client(server: Server, ...args: string[]): Promise<Ran> {
  const child = spawn(CLIENT, ['--port', `${server.port}`, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  const report = JSON.parse(await text(child.stdout)) as Report;
  return { code: await exit, report };
}

function tryIt(name: string, options: CommandOptions, run: (server: Server) => Promise<void>): void {
  test(name, async (t) => {
    if (!built.ok) return t.skip(built.reason);
    const variant = findVariant('c-epoll');
    assert.ok(variant);
    await using server = await start(variant, options);
    await run(server);
  });
}

tryIt(
  'exchanges exactly the messages asked for over held connections',
  { service: 'echo' },
  async (server) => {
    const { code, report } = await client(server, '--connections', '7', '--count', '1000', '--size', '100');
    assert.equal(code, 0);
    assert.deepEqual([report.connections, report.messages, report.errors], [7, 1000, 0]);
    assert.ok(report.elapsedNs > 0 && report.messagesPerSecond > 0);
    assert.ok(report.userCpuNs + report.systemCpuNs <= report.elapsedNs * 1.5, 'one thread’s CPU time');
    const stats = await server.stop();
    assert.deepEqual([stats.served, stats.service['messages'], stats.service['bytes']], [7, 1000, 100_000]);
  },
);

tryIt('opens a connection for each message in mode connect', { service: 'echo' }, async (server) => {
  const { report } = await client(server, '--mode', 'connect', '--connections', '5', '--count', '200');
  assert.deepEqual([report.connections, report.messages, report.errors], [200, 200, 0]);
  assert.equal((await server.stop()).served, 200);
});

tryIt('exchanges large raw messages', { service: 'echo', set: { raw: true } }, async (server) => {
  const args = ['--raw', 'true', '--connections', '3', '--count', '30', '--size', '300000'];
  const { report } = await client(server, ...args);
  assert.deepEqual([report.messages, report.errors], [30, 0]);
  assert.equal((await server.stop()).service['bytes'], 9_000_000);
});

tryIt('thinks between messages', { service: 'echo' }, async (server) => {
  const { report } = await client(server, '--connections', '4', '--count', '12', '--think-ms', '30');
  assert.equal(report.messages, 12);
  assert.ok(report.elapsedNs >= 60e6, 'three messages each, with two thoughts between them');
  await server.stop();
});

tryIt(
  'counts answers that are wrong as errors, and says so with its exit code',
  { service: 'stevens' },
  async (server) => {
    const { code, report } = await client(server, '--connections', '2', '--count', '10');
    assert.equal(code, 1);
    assert.deepEqual([report.messages, report.errors], [0, 2]);
    await server.stop();
  },
);
