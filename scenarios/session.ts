/** The default scenario: every client opens a session, exchanges and thinks, and closes. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { meanThinkMs, thinkTimeOf } from '../harness/scenario/think-time.ts';
import { requestOf } from './common/calls.ts';
import { statisticOf } from './common/metrics.ts';
import { messageBytes, thinkTime, times, waitingPeriod } from './common/parameters.ts';

export default defineScenario({
  id: 'session',
  title: 'Sessions of clients that hold their connection',
  question:
    'N clients come at the same instant: how long until all of them have had their session, and how many gave up?',
  service: 'session',
  parameters: {
    exchanges: times(5, 'Exchanges of one session.'),
    think: thinkTime(
      '5ms',
      'Pause between an answer and the next request: 5ms, uniform:2ms..8ms, exponential:5ms.',
    ),
    patience: waitingPeriod(2000, 'that is not served'),
    size: messageBytes(64),
  },
  serverOptions: ({ patience }) => ({ patienceMs: Math.ceil(patience) }),
  metrics: [
    statisticOf('wait', 'p50', {
      title: 'Wait, median',
      unit: 'us',
      description:
        'From the attempt to connect until the session was open; the median over clients that were served.',
    }),
    statisticOf('wait', 'max', {
      title: 'Wait, longest',
      unit: 'us',
      description:
        'From the attempt to connect until the session was open; the longest of any client that was served.',
    }),
  ],
  headline: 'elapsed',
  patienceBy: 'patience',
  thinkBy: 'think',
  idealMs: ({ exchanges, think }) => (exchanges - 1) * meanThinkMs(think),
  deadlineMs: ({ exchanges, think, patience }, clients) =>
    10_000 + patience + 2 * clients * exchanges * (meanThinkMs(think) + 10),
  async client(client, { exchanges, think, patience, size }) {
    const startMs = client.elapsedMs();
    const connection = await client.connect({ patienceMs: patience });
    const leftMs = Math.max(1, Math.round(patience - (client.elapsedMs() - startMs)));
    await connection.exchange(requestOf('session.open', { patienceMs: leftMs }), {
      patienceMs: leftMs,
    });
    client.record('wait', (client.elapsedMs() - startMs) * 1000);
    await connection.exchanges({
      request: requestOf('session.message', { payload: new Uint8Array(size) }),
      count: exchanges,
      thinkMs: thinkTimeOf(think, client.random),
    });
    await connection.exchange(requestOf('session.close', {}));
    await connection.close();
  },
});
