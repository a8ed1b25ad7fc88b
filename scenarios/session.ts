/** The default scenario: every client opens a session, exchanges and thinks, and closes. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { meanThinkMs, thinkTimeOf } from '../harness/scenario/think-time.ts';
import { call, requestOf } from './common/calls.ts';
import { percentilesOf, statisticOf } from './common/metrics.ts';
import { messageBytes, thinkTime, times, waitingPeriod } from './common/parameters.ts';
import { payloadOf } from './common/payload.ts';
import { leftOf, waiting } from './common/waiting.ts';

const WAIT =
  'From the attempt to connect until the session was open, over all clients: one that was not served has waited for its patience at least';

export default defineScenario({
  id: 'session',
  title: 'Sessions of clients that hold their connection',
  question:
    'N clients come at the same instant: how long until all of them have had their session, and how many gave up?',
  service: 'session',
  parameters: {
    exchanges: times(5, 'Exchanges of one session.'),
    think: thinkTime(
      '50ms',
      'Pause between an answer and the next request: 50ms, uniform:20ms..80ms, exponential:50ms.',
    ),
    patience: waitingPeriod(1000, 'that is not served'),
    size: messageBytes(64),
  },
  serverOptions: ({ patience }) => ({ patienceMs: Math.ceil(patience) }),
  metrics: [
    ...percentilesOf('wait', { title: 'wait', unit: 'ms', description: WAIT }),
    statisticOf('wait', 'max', { title: 'wait, longest', unit: 'ms', description: `${WAIT}; the longest.` }),
  ],
  headline: 'elapsed',
  patienceBy: 'patience',
  thinkBy: 'think',
  idealMs: ({ exchanges, think }) => (exchanges - 1) * meanThinkMs(think),
  deadlineMs: ({ exchanges, think, patience }, clients) =>
    10_000 + patience + 2 * clients * exchanges * (meanThinkMs(think) + 10),
  async client(client, { exchanges, think, patience, size }) {
    const fromMs = client.elapsedMs();
    const connection = await waiting(client, 'wait', { fromMs, patienceMs: patience }, async () => {
      const opening = await client.connect({ patienceMs: patience });
      const patienceMs = leftOf(client, patience, fromMs);
      await call(opening, 'session.open', { patienceMs }, { patienceMs, latency: false });
      return opening;
    });
    await connection.exchanges({
      request: requestOf('session.message', { payload: payloadOf(client, size) }),
      echoes: true,
      count: exchanges,
      thinkMs: thinkTimeOf(think, client.random),
    });
    const closing = { latency: false, ends: true };
    await call(connection, 'session.close', {}, closing, (reply) => reply.exchanges === exchanges);
    await connection.close();
  },
});
