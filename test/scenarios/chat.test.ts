import { strict as assert } from 'node:assert';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { checkValidity } from '../../harness/load/accounts/validity.ts';
import { findVariant } from '../../servers/catalogue.ts';
import { decodeRequest, encodeEvent, encodeReply } from '../../servers/wire/body.ts';
import { METHODS } from '../../servers/wire/methods.ts';
import { eachFrame, serve, type TestServer } from '../load/fixtures/servers.ts';
import { start } from '../servers/conformance/server.ts';
import { samples } from '../scope.ts';
import { under } from '../servers/under.ts';
import { runBuiltin } from './run-builtin.ts';

const CLIENTS = 4;
const MESSAGES = 10;
const SETTINGS = { messages: String(MESSAGES), think: '5ms', patience: '60s', settle: '60s' };

/** How often an event is passed to a member, and how many others are passed on before it. */
type Treatment = (sequence: number) => { readonly times: number; readonly late?: boolean };

/** A chat server that treats messages as it is told. */
function serveChat(treat: Treatment): Promise<TestServer> {
  const members = new Map<Socket, { name: string; said: number; late: Buffer[] }>();
  const tellOthers = (from: Socket, event: Buffer): void => {
    for (const socket of members.keys()) if (socket !== from) socket.write(event);
  };
  return serve((socket) =>
    eachFrame(socket, (frame) => {
      const member = members.get(socket) ?? { name: '', said: 0, late: [] };
      switch (frame.method) {
        case METHODS['chat.join'].id: {
          const { name } = decodeRequest('chat.join', frame.body);
          socket.write(encodeReply('chat.join', frame.callId, { present: members.size, names: [] }));
          members.set(socket, { ...member, name });
          tellOthers(socket, encodeEvent('chat.join', { name }));
          break;
        }
        case METHODS['chat.say'].id: {
          const { text } = decodeRequest('chat.say', frame.body);
          const sequence = ++member.said;
          const event = encodeEvent('chat.say', { sequence, name: member.name, text });
          const { times, late } = treat(sequence);
          if (late) member.late.push(event);
          else {
            for (let i = 0; i < times; i++) tellOthers(socket, event);
            for (const before of member.late.splice(0)) tellOthers(socket, before);
          }
          socket.write(encodeReply('chat.say', frame.callId, { sequence }));
          break;
        }
        case METHODS['chat.leave'].id: {
          members.delete(socket);
          tellOthers(socket, encodeEvent('chat.leave', { said: member.said, name: member.name, abrupt: 0 }));
          socket.end(encodeReply('chat.leave', frame.callId, { said: member.said }));
          break;
        }
      }
    }),
  );
}

async function countersWith(treat: Treatment): Promise<Readonly<Record<string, number>>> {
  await using server = await serveChat(treat);
  const { clients, counters } = await runBuiltin('chat', server.port, CLIENTS, { ...SETTINGS, settle: '1s' });
  assert.equal(clients.completed, CLIENTS);
  return counters;
}

const PAIRS = CLIENTS * (CLIENTS - 1);
const FINE = { 'lost-messages': 0, 'duplicated-messages': 0, 'disordered-messages': 0 };

void test('a message that the server drops is lost once for every client that should have heard it', async () => {
  assert.deepEqual(
    await countersWith((sequence) => ({ times: sequence === 3 || sequence === MESSAGES ? 0 : 1 })),
    {
      ...FINE,
      deliveries: PAIRS * (MESSAGES - 2),
      'lost-messages': PAIRS * 2,
    },
  );
});

void test('a message that comes twice, or after a later one, is counted as that and not as lost', async () => {
  assert.deepEqual(await countersWith((sequence) => ({ times: sequence === 2 ? 2 : 1 })), {
    ...FINE,
    deliveries: PAIRS * (MESSAGES + 1),
    'duplicated-messages': PAIRS,
  });
  assert.deepEqual(await countersWith((sequence) => ({ times: 1, late: sequence === 2 })), {
    ...FINE,
    deliveries: PAIRS * MESSAGES,
    'disordered-messages': PAIRS,
  });
});

const UNDER = [
  'ts-loop',
  'ts-prethread-accept',
  'c-prefork',
  'ts-prefork-accept',
  'c-thread',
  'c-prefork-epoll',
];
for (const name of samples(UNDER, 3)) {
  under(name, 'nothing is lost, and the delay of every delivery is recorded', async () => {
    const variant = findVariant(name);
    assert.ok(variant);
    const { pool, slots } = variant;
    const sizes = !pool ? {} : slots === 'one' ? { workers: 20 } : { workers: 3, slots: 0 };
    await using server = await start(variant, { service: 'chat', ...sizes });
    const result = await runBuiltin('chat', server.port, 20, SETTINGS);
    const deliveries = 20 * 19 * MESSAGES;
    assert.deepEqual(result.counters, { ...FINE, deliveries });
    assert.equal(result.histograms['delivery']?.count, deliveries);
    const [established] = checkValidity(result, { holds: true }).filter(({ id }) => id === 'established');
    assert.equal(established?.ok, true);
    const { service } = await server.stop();
    assert.equal(service['joined'], 20);
    assert.equal(service['said'], 20 * MESSAGES);
  });
}

void test('where only some are let in, those chat among each other and the others are lost clients', async () => {
  const variant = findVariant('ts-fork');
  assert.ok(variant);
  await using server = await start(variant, { service: 'chat', limit: 3, patienceMs: 600 });
  const result = await runBuiltin('chat', server.port, 5, { ...SETTINGS, patience: '600ms' });
  const { completed, lost, failed } = result.clients;
  assert.equal(completed + lost, 5);
  assert.equal(failed, 0);
  assert.ok(completed <= 3);
  assert.equal(result.counters['lost-messages'] ?? 0, 0);
});
