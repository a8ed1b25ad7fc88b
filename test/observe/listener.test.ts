import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { findListener } from '../../harness/observe/listener.ts';
import { ProcFs } from '../../harness/observe/proc-fs.ts';
import { readTree } from '../../harness/observe/tree/tree.ts';
import { Child } from './fixtures/child.ts';
import { FakeKernelFiles } from './fixtures/fake-kernel-files.ts';

const us = (): number[] => [process.pid];
const nobody = (): number[] => [];

async function listen(t: TestContext, host: string): Promise<number | undefined> {
  const server = net.createServer();
  t.after(() => server.close());
  try {
    server.listen(0, host);
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return (server.address() as net.AddressInfo).port;
}

describe('a port that is listened on', () => {
  for (const host of ['127.0.0.1', '127.0.0.7', '0.0.0.0', '::', '::1']) {
    test(`at ${host} is ours when one of our processes holds the socket`, async (t) => {
      const port = await listen(t, host);
      if (port === undefined) return t.skip(`this machine cannot listen on ${host}`);
      assert.deepEqual(findListener(port, us), { kind: 'ours', pid: process.pid });
    });
  }

  test('by a process of another tree is foreign, with its pid and name', async () => {
    const script = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;
    await using stranger = new Child([process.execPath, '-e', script]);
    const port = Number(await stranger.line());
    const owner = findListener(port, us);
    assert.equal(owner.kind, 'foreign');
    assert.ok(owner.kind === 'foreign' && owner.pid === stranger.pid && owner.name !== undefined);
    assert.equal(findListener(port, () => readTree(stranger.pid).map(({ pid }) => pid)).kind, 'ours');
  });

  test('by nobody any more is none', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, 'close');
    assert.deepEqual(findListener(port, us), { kind: 'none' });
  });
});

describe('listeners in a /proc of our own', () => {
  const HEAD =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (port: number, state: string, inode: number): string =>
    `   0: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} ` +
    `00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 100 0 0 10 0\n`;

  test('a stranger who shares the port with us makes it foreign', () => {
    using kernel = new FakeKernelFiles();
    kernel.write('net/tcp', HEAD + line(80, '0A', 1) + line(80, '0A', 2));
    kernel.link('10/fd/3', 'socket:[1]');
    kernel.link('11/fd/3', 'socket:[2]');
    kernel.write('11/comm', 'other\n');
    assert.deepEqual(
      findListener(80, () => [10], kernel.files),
      { kind: 'foreign', pid: 11, name: 'other' },
    );
    assert.deepEqual(
      findListener(80, () => [10, 11], kernel.files),
      { kind: 'ours', pid: 10 },
    );
  });

  test('a holder whose descriptors cannot be read is foreign without a name', () => {
    using kernel = new FakeKernelFiles();
    kernel.write('net/tcp', HEAD + line(80, '0A', 1));
    assert.deepEqual(findListener(80, nobody, kernel.files), { kind: 'foreign' });
  });

  test('a worker that is only started while we look is ours', () => {
    using kernel = new FakeKernelFiles();
    kernel.write('net/tcp', HEAD + line(80, '0A', 1));
    const pids = (): number[] => {
      kernel.link('12/fd/5', 'socket:[1]');
      return [12];
    };
    assert.deepEqual(findListener(80, pids, kernel.files), { kind: 'ours', pid: 12 });
  });

  test('a socket that is closed while we look is nobody’s', () => {
    using kernel = new FakeKernelFiles();
    kernel.write('net/tcp', HEAD + line(80, '0A', 1));
    const pids = (): number[] => {
      kernel.write('net/tcp', HEAD);
      return [12];
    };
    assert.deepEqual(findListener(80, pids, kernel.files), { kind: 'none' });
  });

  test('thousands of listeners and connections are no obstacle', () => {
    using kernel = new FakeKernelFiles();
    const listeners = Array.from({ length: 2000 }, (_, index) => line(10_000 + index, '0A', 5000 + index));
    const connections = Array.from({ length: 5000 }, () => line(80, '01', 0));
    kernel.write('net/tcp', HEAD + listeners.join('') + connections.join(''));
    kernel.link('10/fd/3', 'socket:[6999]');
    assert.deepEqual(
      findListener(11_999, () => [10], kernel.files),
      { kind: 'ours', pid: 10 },
    );
  });

  test('without a table of sockets there is no listener', () => {
    assert.deepEqual(findListener(80, us, new ProcFs('/nonexistent')), { kind: 'none' });
  });
});
