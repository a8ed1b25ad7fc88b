/** Both kinds of sockets keep the same contract. The addon is built first, where there is a compiler. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite, test } from 'node:test';
import fc from '../../property.ts';
import { eventually } from '../../waiting.ts';
import { monotonicClock } from '../../../harness/load/time/clock.ts';
import { openSockets } from '../../../harness/load/sockets/open.ts';
import type { ClientSocket, ClientSockets, SocketOwner } from '../../../harness/load/sockets/sockets.ts';
import { build } from '../../servers/native/build.ts';
import { freePort, serve } from '../fixtures/servers.ts';

const HOST = '127.0.0.1';
const built = build('sockets');

/** Writes down what it is told, and lets a test wait for it. */
class Witness implements SocketOwner {
  readonly chunks: Buffer[] = [];
  readonly connected = Promise.withResolvers<number>();
  readonly closed = Promise.withResolvers<Error | undefined>();
  error: Error | undefined;
  closings = 0;
  bytes = 0;
  mayRead = true;
  drained = Promise.withResolvers<void>();
  #wanted: { bytes: number; resolve: () => void } | undefined;

  onConnected(nowMs: number): void {
    this.connected.resolve(nowMs);
  }
  onBytes(bytes: Uint8Array, start: number, end: number): boolean {
    this.chunks.push(Buffer.from(bytes.slice(start, end)));
    this.bytes += end - start;
    if (this.#wanted && this.bytes >= this.#wanted.bytes) this.#wanted.resolve();
    return this.mayRead;
  }
  onDrained(): void {
    this.drained.resolve();
  }
  onSocketError(error: Error): void {
    this.error = error;
  }
  onSocketClosed(): void {
    this.closings++;
    this.closed.resolve(this.error);
  }
  /** Resolves once so many bytes have come in all. */
  got(bytes: number): Promise<void> {
    if (this.bytes >= bytes) return Promise.resolve();
    return new Promise((resolve) => (this.#wanted = { bytes, resolve }));
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString('latin1');
  }
}

async function open(sockets: ClientSockets, port: number): Promise<{ owner: Witness; socket: ClientSocket }> {
  const owner = new Witness();
  const socket = sockets.connect(owner, HOST, port, '');
  await owner.connected.promise;
  return { owner, socket };
}

const echo = () => serve((socket) => void socket.pipe(socket));

void test('a kind that there is not is an error, and so are sockets in C for a name that is no address', () => {
  assert.throws(() => openSockets(monotonicClock, HOST, 'fast'), /give native or node/);
  assert.throws(() => openSockets(monotonicClock, 'localhost', 'native'), /make servers.*numeric address/);
  using byName = openSockets(monotonicClock, 'localhost');
  assert.equal(byName.kind, 'node');
});

for (const kind of ['native', 'node'] as const) {
  const skip = kind === 'native' && !built.ok ? built.reason : false;

  void suite(`${kind} sockets`, { skip }, () => {
    const make = (): ClientSockets => {
      const sockets = openSockets(monotonicClock, HOST, kind);
      assert.equal(sockets.kind, kind);
      return sockets;
    };

    test('a connection comes from the address that it is told to, or fails', async () => {
      const peers: (string | undefined)[] = [];
      await using server = await serve((socket) => {
        peers.push(socket.remoteAddress);
        socket.pipe(socket);
      });
      using sockets = make();
      for (const source of ['', '127.0.0.2', '127.0.0.3']) {
        const owner = new Witness();
        sockets.connect(owner, HOST, server.port, source);
        await owner.connected.promise;
      }
      await eventually('the server to see all three', () => peers.length === 3);
      assert.deepEqual(peers, [HOST, '127.0.0.2', '127.0.0.3']);
      const owner = new Witness();
      sockets.connect(owner, HOST, server.port, '192.0.2.1');
      await eventually('an address of another machine to be refused', () => owner.error !== undefined);
    });

    test('what is sent comes back in order, on every connection, however much is under way', async () => {
      await using server = await echo();
      using sockets = make();
      const message = fc.uint8Array({ minLength: 1, maxLength: 3000 });
      const script = fc.array(fc.tuple(fc.nat(9), message), { minLength: 1, maxLength: 200 });
      await fc.assert(
        fc.asyncProperty(script, fc.boolean(), async (sends, later) => {
          const ends = await Promise.all(Array.from({ length: 10 }, () => open(sockets, server.port)));
          const expected = ends.map(() => [] as Uint8Array[]);
          const sendAll = (): void => {
            for (const [i, bytes] of sends) {
              ends[i]?.socket.post(bytes);
              expected[i]?.push(bytes);
            }
          };
          if (later) await new Promise<void>((resolve) => sockets.after(0.3, () => resolve(sendAll())));
          else sendAll();
          for (const [i, { owner, socket }] of ends.entries()) {
            const all = Buffer.concat(expected[i] ?? []);
            await owner.got(all.length);
            assert.ok(Buffer.concat(owner.chunks).equals(all));
            socket.destroy();
          }
        }),
        { numRuns: 20 },
      );
    });

    test('what is to be done later is done once, never early, in place of what was asked for before', async () => {
      using sockets = make();
      const done: string[] = [];
      const cancel = sockets.after(0.2, () => done.push('cancelled'));
      cancel();
      const fromMs = monotonicClock.now();
      for (const ms of [0, 0.4, 3.3]) {
        await new Promise<void>((resolve) => sockets.after(ms, resolve));
        done.push(`${ms}`);
      }
      assert.ok(monotonicClock.now() - fromMs >= 3.7);
      assert.deepEqual(done, ['0', '0.4', '3.3']);
    });

    test('megabytes are kept until the server takes them, and come back whole', async () => {
      await using server = await echo();
      using sockets = make();
      const { owner, socket } = await open(sockets, server.port);
      const bytes = Buffer.alloc(8_000_000, 'holdfast');
      assert.equal(socket.send(bytes), false);
      await owner.drained.promise;
      assert.equal(socket.pendingBytes, 0);
      await owner.got(bytes.length);
      assert.ok(Buffer.concat(owner.chunks).equals(bytes));
    });

    test('a connection that may not be read from is not, until it resumes', async () => {
      const firsts = Promise.withResolvers<() => void>();
      await using server = await serve((socket) => {
        socket.write('first');
        firsts.resolve(() => socket.write('second'));
      });
      using sockets = make();
      const owner = new Witness();
      owner.mayRead = false;
      const socket = sockets.connect(owner, HOST, server.port, '');
      await owner.got(5);
      (await firsts.promise)();
      const other = await open(sockets, server.port);
      await other.owner.got(5);
      assert.equal(owner.text, 'first');
      owner.mayRead = true;
      socket.resume();
      await owner.got(11);
      assert.equal(owner.text, 'firstsecond');
    });

    test('nobody listening is told as a refusal, and never during the call', async () => {
      const port = await freePort();
      using sockets = make();
      const owner = new Witness();
      sockets.connect(owner, HOST, port, '');
      assert.equal(owner.error, undefined);
      const error = await owner.closed.promise;
      assert.equal(error && 'code' in error && error.code, 'ECONNREFUSED');
      assert.equal(owner.closings, 1);
    });

    test('a reset is told as an error, the end of the peer as a closed socket', async () => {
      await using server = await serve((socket) => {
        socket.once('data', (bytes: Buffer) => {
          if (bytes.toString() === 'reset') socket.resetAndDestroy();
          else socket.end('bye');
        });
      });
      using sockets = make();
      const [reset, ended] = [await open(sockets, server.port), await open(sockets, server.port)];
      reset.socket.post(Buffer.from('reset'));
      ended.socket.post(Buffer.from('end'));
      const error = await reset.owner.closed.promise;
      assert.equal(error && 'code' in error && error.code, 'ECONNRESET');
      assert.equal(await ended.owner.closed.promise, undefined);
      assert.equal(ended.owner.text, 'bye');
    });

    test('ending sends what is pending first', async () => {
      const whole = Promise.withResolvers<number>();
      await using server = await serve((socket) => {
        let bytes = 0;
        socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
        socket.on('end', () => whole.resolve(bytes));
      });
      using sockets = make();
      const { socket } = await open(sockets, server.port);
      socket.post(Buffer.alloc(5_000_000));
      socket.end();
      assert.equal(await whole.promise, 5_000_000);
    });

    test('a socket that was destroyed hears nothing more, nor does who gets its descriptor', async () => {
      await using server = await echo();
      using sockets = make();
      const first = await Promise.all(Array.from({ length: 30 }, () => open(sockets, server.port)));
      const later: Witness[] = [];
      const lives: Promise<void>[] = [];
      for (const { owner, socket } of first) {
        // The first answer of all closes every connection and opens as many anew, in the middle of a turn.
        owner.onBytes = () => {
          for (const each of first) each.socket.destroy();
          while (later.length < first.length) {
            const next = new Witness();
            const fresh = sockets.connect(next, HOST, server.port, '');
            later.push(next);
            lives.push(next.connected.promise.then(() => (fresh.post(Buffer.from('new')), next.got(3))));
          }
          return true;
        };
        socket.post(Buffer.from('old'));
      }
      await Promise.all(first.map(({ owner }) => owner.closed.promise));
      await Promise.all(lives);
      assert.deepEqual(new Set(later.map((owner) => owner.text)), new Set(['new']));
      assert.ok(first.every(({ owner }) => owner.closings === 1 && owner.error === undefined));
    });

    test('times are those of the one clock', async () => {
      await using server = await echo();
      using sockets = make();
      const beforeMs = monotonicClock.now();
      const { owner } = await open(sockets, server.port);
      const atMs = await owner.connected.promise;
      assert.ok(atMs >= beforeMs - 0.01 && atMs <= monotonicClock.now() + 0.01, `${beforeMs} ${atMs}`);
    });

    test('disposing closes what is left', async () => {
      const gone = Promise.withResolvers<void>();
      await using server = await serve((socket) => void socket.resume().on('close', () => gone.resolve()));
      const sockets = make();
      await open(sockets, server.port);
      sockets[Symbol.dispose]();
      sockets[Symbol.dispose]();
      await gone.promise;
      await nextTurn();
    });

    test('a process whose sockets are all closed ends by itself', async () => {
      await using server = await echo();
      const open = fileURLToPath(new URL('../../../harness/load/sockets/open.ts', import.meta.url));
      const clock = fileURLToPath(new URL('../../../harness/load/time/clock.ts', import.meta.url));
      const program = `
        import { openSockets } from '${open}'; import { monotonicClock } from '${clock}';
        const sockets = openSockets(monotonicClock, ['${HOST}'], '${kind}');
        const socket = sockets.connect({ onConnected: () => socket.post(Buffer.from('x')), onBytes: () => (socket.destroy(), true),
          onDrained() {}, onSocketError() {}, onSocketClosed: () => console.log('closed') }, '${HOST}', ${server.port});`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      assert.deepEqual([code, output], [0, 'closed\n']);
    });
  });
}
