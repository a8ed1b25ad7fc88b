/** Races made visible: many clients add to one total, and what is missing from it in the end was lost. */
import type { Client } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { call, replyOf, requestOf } from './common/calls.ts';
import { counterOf } from './common/metrics.ts';
import { choice, duration, times } from './common/parameters.ts';

/** How often the first client looks whether all updates are made, and how long it waits for another one, in ms. */
const LOOK_MS = 5;
const STANDSTILL_MS = 3000;

export default defineScenario({
  id: 'counter',
  title: 'A total that many workers change',
  question:
    'How many updates are lost when many workers change one total, and what does it cost to lose none?',
  service: 'counter',
  parameters: {
    updates: times(50, 'Updates of each client.'),
    guard: choice(
      'none',
      ['lock', 'atomic', 'none'],
      'What protects the total while several workers change it.',
    ),
    between: duration(
      0.1,
      [0, 1000],
      'CPU time that a worker spends between reading the total and writing it.',
    ),
  },
  serviceSettings: ({ guard, between }) => ({ guard, between: `${Math.round(between * 1000)}us` }),
  metrics: [
    counterOf('lost', {
      id: 'lost-updates',
      title: 'lost updates',
      description: 'Updates that the server acknowledged and that are missing from the total in the end.',
    }),
    counterOf('lost', {
      id: 'lost-update-share',
      title: 'share of updates lost',
      unit: 'ratio',
      description: 'The same, divided by completed exchanges.',
      source: { from: 'counter', name: 'lost', per: 'exchange' },
    }),
  ],
  headline: 'lost-updates',
  once: true,
  idealMs: ({ updates, between }) => updates * between,
  deadlineMs: ({ updates, between }, clients) => 20_000 + 4 * clients * updates * (between + 1),
  async client(client, { updates }) {
    const connection = await client.connect();
    await connection.exchanges({
      request: requestOf('counter.add', { by: 1 }),
      count: updates,
      onReply: (reply) => replyOf('counter.add', reply).total >= 1n,
    });
    await connection.close();
    if (client.index === 0) await settle(client, client.clients * updates);
  },
});

/**
 * Waits until the server has made all updates of all clients, or makes no more, and counts what its total lacks. On
 * a connection of its own each time: held, it could be what others wait for.
 */
async function settle(client: Client, expected: number): Promise<void> {
  let seen = -1;
  let seenAtMs = client.elapsedMs();
  for (;;) {
    await using connection = await client.connect();
    const { total, updates } = await call(connection, 'counter.read', {});
    const nowMs = client.elapsedMs();
    if (Number(updates) !== seen) seenAtMs = nowMs;
    seen = Number(updates);
    if (seen >= expected || nowMs - seenAtMs > STANDSTILL_MS) {
      client.count('lost', seen - Number(total));
      return;
    }
    await connection.close();
    await client.sleep(LOOK_MS, { looks: true });
  }
}
