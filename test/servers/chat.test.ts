/** The chat service under models that join their workers in different ways, through nothing but their command line. */
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { CommandOptions } from '../../servers/command-line.ts';
import { findVariant } from '../../servers/catalogue.ts';
import { decodeEvent } from '../../servers/wire/body.ts';
import type { Frame } from '../../servers/wire/frame.ts';
import { ERROR_CODES, METHODS } from '../../servers/wire/methods.ts';
import type { ErrorName, EventName, EventOf } from '../../servers/wire/methods.ts';
import { Client, ServerSaid } from './conformance/client.ts';
import { acceptedSocket, childrenOf, holdsSocket } from './conformance/processes.ts';
import { start } from './conformance/server.ts';
import type { Server } from './conformance/server.ts';
import { samples } from '../scope.ts';
import { under } from './under.ts';

/** One event loop · threads · processes · a process a client: each client of two is at another worker but in the first. */
const VARIANTS = samples<readonly [name: string, options: Partial<CommandOptions>]>(
  [
    ['ts-loop', {}],
    ['ts-prethread-queue', { workers: 2, slots: 0 }],
    ['ts-prefork-pass', { workers: 2, slots: 0 }],
    ['c-thread', {}],
    ['c-prefork-epoll', { workers: 2 }],
    ['ts-fork', {}],
    ['c-epoll', {}],
    ['c-prefork', { workers: 4 }],
  ],
  5,
);

function startChat(name: string, options: Partial<CommandOptions>): Promise<Server> {
  const variant = findVariant(name);
  assert.ok(variant);
  return start(variant, { service: 'chat', drainMs: 200, ...options });
}

async function member(server: Server, name: string): Promise<Client> {
  const client = await Client.connect(server.port);
  await client.call('chat.join', { name });
  return client;
}

async function nextEvent(client: Client): Promise<Frame> {
  return client.events.shift() ?? (await client.frame());
}

/** The next event of this kind; others before it are skipped. */
async function heard<M extends EventName>(client: Client, method: M): Promise<EventOf<M>> {
  for (;;) {
    const event = await nextEvent(client);
    if (event.method === METHODS[method].id) return decodeEvent(method, event.body);
  }
}

function refused(error: ErrorName): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof ServerSaid && thrown.code === ERROR_CODES[error];
}

/** What one says reaches all others in its order, and nobody hears themselves. All have left at the end. */
async function threeSpeak(server: Server): Promise<void> {
  using ann = await member(server, 'ann');
  using bob = await member(server, 'bob');
  assert.deepEqual(await heard(ann, 'chat.join'), { name: 'bob' });
  using eve = await member(server, 'eve');
  assert.deepEqual(await heard(bob, 'chat.join'), { name: 'eve' });
  for (let i = 1; i <= 50; i += 1) {
    assert.deepEqual(await ann.call('chat.say', { text: `a${i}` }), { sequence: i });
    assert.deepEqual(await bob.call('chat.say', { text: `b${i}` }), { sequence: i });
  }
  for (let i = 1; i <= 50; i += 1) {
    assert.deepEqual(await heard(ann, 'chat.say'), { sequence: i, name: 'bob', text: `b${i}` });
    assert.deepEqual(await heard(bob, 'chat.say'), { sequence: i, name: 'ann', text: `a${i}` });
  }
  const last = { ann: 0, bob: 0 };
  for (let i = 0; i < 100; i += 1) {
    const { name: from, sequence } = await heard(eve, 'chat.say');
    assert.equal(sequence, (last[from as 'ann' | 'bob'] += 1));
  }
  assert.deepEqual(await bob.call('chat.leave', {}), { said: 50 });
  assert.deepEqual(await heard(ann, 'chat.leave'), { said: 50, name: 'bob', abrupt: 0 });
  for (const one of [ann, eve]) await one.call('chat.leave', {});
}

/** A name is had once, freed by an abrupt end that all are told of, and then had again. */
async function nameIsHadOnce(server: Server): Promise<void> {
  using ann = await member(server, 'ann');
  using other = await Client.connect(server.port);
  await assert.rejects(other.call('chat.join', { name: 'ann' }), refused('taken'));
  assert.deepEqual(await other.call('chat.join', { name: 'bob' }), { present: 1, names: ['ann'] });
  await other.call('chat.say', { text: 'soon gone' });
  other.reset();
  assert.deepEqual(await heard(ann, 'chat.leave'), { said: 1, name: 'bob', abrupt: 1 });
  using again = await member(server, 'bob');
  assert.deepEqual(await again.call('chat.say', { text: 'back' }), { sequence: 1 });
}

/** Pools of processes in both languages, in which two clients are at two workers. */
const POOLS: typeof VARIANTS = [
  ['ts-prefork-pass', { workers: 2, slots: 0 }],
  ['c-prefork', { workers: 4 }],
];

/** The process that serves this client. */
function workerOf(server: Server, client: Client): number {
  const inode = acceptedSocket(server.port, client.port);
  assert.ok(inode !== undefined);
  const worker = childrenOf(server.pid).find((pid) => holdsSocket(pid, inode));
  assert.ok(worker !== undefined);
  return worker;
}

describe('chat', { concurrency: 2 }, () => {
  for (const [name, options] of VARIANTS) {
    under(
      name,
      'what one says reaches all others in its order, nobody hears themselves, and a name is had by one at a time',
      async () => {
        await using server = await startChat(name, options);
        await threeSpeak(server);
        await nameIsHadOnce(server);
      },
    );
  }

  for (const name of ['ts-loop', 'c-epoll', 'c-prefork']) {
    under(
      name,
      'hostile names, texts and calls out of turn get a typed error, and the connection goes on',
      async () => {
        await using server = await startChat(name, {});
        using client = await Client.connect(server.port);
        const hostile = [
          '',
          ' ',
          ' ann',
          'ann ',
          'a\u0000b',
          'a\nb',
          '\u001b[31mred',
          'a\u202eb',
          'a\u200bb',
          'n'.repeat(65),
        ];
        for (const hostileName of hostile) {
          await assert.rejects(
            client.call('chat.join', { name: hostileName }),
            refused('bad-argument'),
            JSON.stringify(hostileName),
          );
        }
        await assert.rejects(client.call('chat.say', { text: 'early' }), refused('bad-argument'));
        await assert.rejects(client.call('chat.leave', {}), refused('bad-argument'));
        await assert.rejects(client.call('session.close', {}), refused('unknown-method'));
        for (const fineName of ['__proto__', 'constructor', 'Zoë 😀']) {
          using fine = await member(server, fineName);
          assert.deepEqual(await fine.call('chat.leave', {}), { said: 0 });
        }
        await client.call('chat.join', { name: 'ann' });
        await assert.rejects(client.call('chat.join', { name: 'ann' }), refused('bad-argument'));
        for (const text of ['', 'x'.repeat(16_385)]) {
          await assert.rejects(client.call('chat.say', { text }), refused('bad-argument'));
        }
        assert.deepEqual(await client.call('chat.say', { text: 'x'.repeat(16_384) }), { sequence: 1 });
      },
    );
  }

  for (const [name, options] of POOLS) {
    under(
      name,
      'who stops reading is cut off after the deadline, and the others get everything meanwhile',
      async () => {
        await using server = await startChat(name, { ...options, set: { stall: '500ms' } });
        using deaf = await member(server, 'deaf');
        using speaker = await member(server, 'speaker');
        using listener = await member(server, 'listener');
        deaf.stopReading();
        const text = 'x'.repeat(16_000);
        let said = 0;
        let left: EventOf<'chat.leave'> | undefined;
        while (!left) {
          assert.deepEqual(await speaker.call('chat.say', { text }), { sequence: (said += 1) });
          // One after another, so that a listener that had to wait for the deaf one would hold up this loop.
          for (let heardIt = false; !heardIt;) {
            const event = await nextEvent(listener);
            if (event.method === METHODS['chat.leave'].id) left = decodeEvent('chat.leave', event.body);
            if (event.method !== METHODS['chat.say'].id) continue;
            heardIt = true;
            assert.equal(decodeEvent('chat.say', event.body).sequence, said);
          }
          assert.ok(said * text.length < 256e6, 'far too much was kept for somebody who does not read');
        }
        assert.deepEqual(left, { said: 0, name: 'deaf', abrupt: 1 });
        const { service, broken } = await server.stop();
        assert.equal(broken, 3, 'the deaf one, and the two that were there at the end');
        assert.ok(service['said'] === said);
      },
    );

    under(
      name,
      'when a worker is killed its members are announced as gone, and their names can be had again',
      async () => {
        await using server = await startChat(name, options);
        using ann = await member(server, 'ann');
        using bob = await member(server, 'bob');
        await bob.call('chat.say', { text: 'still here' });
        await heard(ann, 'chat.say');
        process.kill(workerOf(server, bob), 'SIGKILL');
        assert.deepEqual(await heard(ann, 'chat.leave'), { said: 1, name: 'bob', abrupt: 1 });
        using again = await member(server, 'bob');
        await again.call('chat.say', { text: 'back' });
        assert.equal((await heard(ann, 'chat.say')).text, 'back');
      },
    );
  }
});
