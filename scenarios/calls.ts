/** Dynamic against static multithreading: each call over a connection of its own, or all over one that is held. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import type { ReplyOf } from '../servers/wire/methods.ts';
import { call } from './common/calls.ts';
import { percentilesOf } from './common/metrics.ts';
import { choice, duration, messageBytes, times } from './common/parameters.ts';
import { payloadOf } from './common/payload.ts';

/** Of a call that the client leaves to the server's distribution, in ms: 90 % of 1 and 10 % of 20. */
const MEAN_DRAWN_MS = 2.9;

export default defineScenario({
  id: 'calls',
  title: 'Calls, each over a connection of its own',
  question: 'Is it worth starting a thread for each request, or should n threads wait for requests?',
  service: 'work',
  parameters: {
    calls: times(10, 'Calls of each client.'),
    work: duration(
      1,
      [0, 10_000],
      'CPU time of each call; 0: the server draws it, 1 ms for 90 % of calls and 20 ms for 10 %.',
    ),
    connections: choice(
      'fresh',
      ['fresh', 'kept'],
      'fresh: each call over a connection of its own; kept: all calls of a client over one.',
    ),
    size: messageBytes(64),
  },
  metrics: percentilesOf('call', {
    title: 'call',
    unit: 'ms',
    description: 'From the attempt to connect, or the send over a held connection, until the answer',
  }),
  headline: 'call-p50',
  idealMs: ({ calls, work }) => calls * (work || MEAN_DRAWN_MS),
  deadlineMs: ({ calls, work }, clients) => 20_000 + clients * calls * (4 * (work || MEAN_DRAWN_MS) + 100),
  async client(client, { calls, work, connections, size }) {
    const payload = payloadOf(client, size);
    const fields = { cpuUs: Math.round(work * 1000), payload };
    const isRight = (reply: ReplyOf<'work'>): boolean =>
      reply.burnedUs >= fields.cpuUs && Buffer.compare(reply.payload, payload) === 0;
    const kept = connections === 'kept' ? await client.connect() : undefined;
    for (let i = 0; i < calls; i += 1) {
      const startMs = client.elapsedMs();
      const connection = kept ?? (await client.connect());
      await call(connection, 'work', fields, {}, isRight);
      client.record('call', (client.elapsedMs() - startMs) * 1000);
      if (!kept) await connection.close();
    }
    await kept?.close();
  },
});
