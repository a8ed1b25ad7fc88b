import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findVariant } from '../../servers/catalogue.ts';
import type { CommandOptions } from '../../servers/command-line.ts';
import { start as startServer, type Server } from '../servers/conformance/server.ts';
import { inProcess } from './in-process.ts';
import { markedProcesses } from './marked.ts';

const MAIN = fileURLToPath(new URL('../../harness/main.ts', import.meta.url));

function serve(name: string, options: CommandOptions): Promise<Server> {
  const variant = findVariant(name);
  assert.ok(variant);
  return startServer(variant, options);
}

/** Somebody at a terminal: types lines, reads lines. */
function person(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  return {
    pid: child.pid,
    isStopped: () => child.kill('SIGTERM'),
    types: (line: string) => void child.stdin.write(`${line}\n`),
    endsInput: () => child.stdin.end(),
    reads: async () => (await lines.next()).value,
    ended,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

describe('a service by hand', { concurrency: 2 }, () => {
  it('is a chat between two terminals', async () => {
    await using server = await serve('ts-prefork-pass', { service: 'chat', workers: 2, slots: 0 });
    const port = String(server.port);
    using ann = person('chat', '--port', port, '--name', 'ann');
    assert.equal(await ann.reads(), '* you are the first');
    using bob = person('chat', '--port', port, '--name', 'bob');
    assert.equal(await bob.reads(), '* here: ann');
    assert.equal(await ann.reads(), '* bob joined');
    ann.types('hello bob');
    assert.equal(await bob.reads(), 'ann: hello bob');
    bob.types('\u001b[31mred');
    assert.equal(await ann.reads(), 'bob: ·[31mred');
    bob.types('/quit');
    assert.equal(await bob.ended, 0);
    assert.equal(await ann.reads(), '* bob left');
    ann.endsInput();
    assert.equal(await ann.ended, 0);
  });

  it('says in one line what is wrong with a name, a port or a server', async () => {
    await using server = await serve('ts-loop', { service: 'chat' });
    using ann = person('chat', '--port', String(server.port), '--name', 'ann');
    await ann.reads();
    const taken = await inProcess('chat', '--port', String(server.port), '--name', 'ann');
    assert.equal(taken.exitCode, 2);
    assert.match(taken.stderr, /^The server refused \(taken\): .*ann.*$/);
    const wrong = await inProcess('top', '--port', String(server.port));
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.stderr, /unknown-method/);
    const nobody = await inProcess('top', '--port', '1');
    assert.equal(nobody.exitCode, 3);
    assert.match(nobody.stderr, /Cannot reach a server on 127\.0\.0\.1:1/);
  });

  it('lists the top processes, as text or JSON, and passes on what the server says of a wrong count', async () => {
    await using server = await serve('ts-loop', { service: 'topn' });
    const port = String(server.port);
    const text = await inProcess('top', '--port', port, '-n', '3');
    assert.equal(text.exitCode, 0, text.stderr);
    assert.match(text.stdout, /^pid +user s +system s +name\n(\d+ +\d+\.\d\d +\d+\.\d\d +.+\n){3}$/);
    const json = await inProcess('top', '--port', port, '-n', '2', '--format', 'json');
    assert.equal((JSON.parse(json.stdout) as unknown[]).length, 2);
    for (const count of ['0', '-1']) {
      const refused = await inProcess('top', '--port', port, '-n', count);
      assert.equal(refused.exitCode, 2);
      assert.match(refused.stderr, /bad-argument/);
    }
    await server.stop();
  });

  it('is a server in the foreground until it is asked to stop, of which nothing is left', async () => {
    using hand = person('serve', 'ts-prefork-accept', '--workers', '2', '--service', 'topn');
    const { port } = JSON.parse((await hand.reads()) ?? '') as { readonly port: number };
    const top = await inProcess('top', '--port', String(port), '-n', '1');
    assert.equal(top.exitCode, 0, top.stderr);
    assert.ok(markedProcesses(`${hand.pid}-`).length > 1);
    hand.isStopped();
    assert.equal(await hand.ended, 143);
    assert.deepEqual(markedProcesses(`${hand.pid}-`), []);
  });
});
