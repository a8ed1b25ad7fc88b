/** Everybody hears everybody: how long a message takes to reach all others, and whether any is lost on the way. */
import type { Client, Connection } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { meanThinkMs, thinkTimeOf } from '../harness/scenario/think-time.ts';
import { ChatListener } from './chat/listener.ts';
import type { ReplyOf } from '../servers/wire/methods.ts';
import { call, replyOf, requestOf } from './common/calls.ts';
import { counterOf, percentilesOf } from './common/metrics.ts';
import { duration, HOUR_MS, integer, thinkTime, waitingPeriod } from './common/parameters.ts';

/** From the end of the waiting period until all who were let in must have heard of each other, in ms. */
const GATHERING_MS = 1000;

/** How often a client that waits for the others looks, in ms. */
const LOOK_MS = 20;

export default defineScenario({
  id: 'chat',
  title: 'Chat: every message reaches every other client',
  question:
    'How long does a message take to reach all other clients, and is any lost, doubled or out of order?',
  service: 'chat',
  parameters: {
    messages: integer(5, [1, 100_000], 'Messages that each client says.'),
    think: thinkTime(
      'exponential:500ms',
      'Pause between the messages of one client: 100ms, uniform:50ms..150ms, exponential:500ms.',
    ),
    size: integer(64, [24, 16_000], 'Bytes of each message.'),
    patience: waitingPeriod(5000, 'that has not joined'),
    settle: duration(
      15_000,
      [1, HOUR_MS],
      'Messages that are still missing after so long without any message count as lost.',
    ),
  },
  serverOptions: ({ patience }) => ({ slots: 0, patienceMs: Math.ceil(patience) }),
  metrics: [
    ...percentilesOf('delivery', {
      title: 'delivery delay',
      unit: 'ms',
      description: 'From sending a message until another client has read it, over all deliveries',
    }),
    counterOf('deliveries', {
      id: 'deliveries',
      title: 'deliveries',
      unit: 'per-second',
      direction: 'higher',
      description: 'Messages heard, counted once for each client that heard them, a second of elapsed time.',
      source: { from: 'counter', name: 'deliveries', per: 'second' },
    }),
    counterOf('lost-messages', {
      id: 'lost-messages',
      title: 'lost messages',
      description: 'Messages that a client should have heard and did not, over all clients.',
    }),
    counterOf('duplicated-messages', {
      id: 'duplicated-messages',
      title: 'duplicated messages',
      description: 'Messages that a client heard more than once, over all clients.',
    }),
    counterOf('disordered-messages', {
      id: 'disordered-messages',
      title: 'messages out of order',
      description: 'Messages that a client heard after a later one of the same sender, over all clients.',
    }),
  ],
  headline: 'delivery-p99',
  faults: ['lost-messages', 'duplicated-messages', 'disordered-messages'],
  holds: true,
  patienceBy: 'patience',
  thinkBy: 'think',
  idealMs: ({ messages, think }) => (messages - 0.5) * meanThinkMs(think),
  deadlineMs: ({ messages, think, patience, settle }, clients) =>
    10_000 + patience + 2 * settle + 5 * messages * meanThinkMs(think) + 0.2 * messages * clients ** 2,
  async client(client, { messages, think, size, patience, settle }) {
    const connection = await client.connect({ patienceMs: patience });
    const listener = new ChatListener(client, messages);
    connection.subscribe((message) => listener.hear(message));
    listener.joined(await join(client, connection, patience));
    await gather(client, listener, patience + GATHERING_MS);

    await client.sleep(Math.max(1, client.random() * meanThinkMs(think)));
    await connection.exchanges({
      request: () => requestOf('chat.say', { text: stamped(client.elapsedMs(), size) }),
      onReply: (reply, i) => replyOf('chat.say', reply).sequence === i + 1,
      count: messages,
      thinkMs: thinkTimeOf(think, client.random),
    });
    await settled(client, listener, settle);

    const isRight = ({ said }: ReplyOf<'chat.leave'>): boolean =>
      said === messages && listener.ledger.strange === 0;
    await call(connection, 'chat.leave', {}, { latency: false, ends: true }, isRight);
    await connection.close();
    listener.report();
  },
});

/** Joins, and returns how many others are there. */
async function join(client: Client, connection: Connection, patienceMs: number): Promise<number> {
  const leftMs = Math.max(1, patienceMs - client.elapsedMs());
  const joined = await call(
    connection,
    'chat.join',
    { name: `client-${client.index}` },
    { patienceMs: leftMs, latency: false },
  );
  return joined.present;
}

/** Until everybody is there, or all who still could come must have come. */
async function gather(client: Client, listener: ChatListener, untilMs: number): Promise<void> {
  while (listener.present < client.clients && client.elapsedMs() < untilMs)
    await client.sleep(LOOK_MS, { looks: true });
}

/** Until everything has been heard, or nothing more comes. */
async function settled(client: Client, listener: ChatListener, settleMs: number): Promise<void> {
  const fromMs = client.elapsedMs();
  while (listener.ledger.missing > 0) {
    if (client.elapsedMs() - Math.max(fromMs, listener.lastHeardMs) > settleMs) return;
    await client.sleep(LOOK_MS, { looks: true });
  }
}

/** A text that says when it was sent, in ms since the common start, and is so many bytes long. */
function stamped(sentMs: number, size: number): string {
  return `${sentMs.toFixed(3)} `.padEnd(size, '.');
}
