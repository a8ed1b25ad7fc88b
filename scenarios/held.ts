/** Thousands of connections that say next to nothing: what it costs a server merely to hold them. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { requestOf } from './common/calls.ts';
import { duration, HOUR_MS, messageBytes } from './common/parameters.ts';
import { payloadOf } from './common/payload.ts';

/** Share of the holding time, from its start, in which connections may still come. */
const WARMUP_SHARE = 0.2;

export default defineScenario({
  id: 'held',
  title: 'Idle connections with a rare exchange',
  question: 'What does an open, silent connection cost?',
  service: 'echo',
  parameters: {
    hold: duration(5000, [100, HOUR_MS], 'How long connections are held, from the common start.'),
    every: duration(
      1000,
      [1, 30_000],
      'Pause between the exchanges of one client; clients are spread evenly over it.',
    ),
    size: messageBytes(16),
  },
  serverOptions: () => ({ slots: 0 }),
  metrics: [],
  headline: 'memory-per-connection',
  holds: true,
  timedBy: 'hold',
  idealMs: ({ hold }) => hold,
  warmupMs: ({ hold }) => hold * WARMUP_SHARE,
  measuredUntilMs: ({ hold }) => hold,
  deadlineMs: ({ hold }, clients) => hold + 15_000 + clients * 5,
  async client(client, { hold, every, size }) {
    const connection = await client.connect();
    const request = requestOf('echo', { payload: payloadOf(client, size) });
    await connection.exchange(request, { echoes: true });
    const leftMs = hold - client.elapsedMs();
    await client.sleep(Math.max(1, Math.min(leftMs, client.random() * every)));
    await connection.exchanges({ request, echoes: true, thinkMs: every, untilMs: hold });
    await connection.close();
  },
});
