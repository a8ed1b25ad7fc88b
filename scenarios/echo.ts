/** Held connections that exchange for a set time: what a message costs, and how many a server carries. */
import type { ExchangeLoop } from '../harness/scenario/client.ts';
import { defineScenario } from '../harness/scenario/scenario.ts';
import { thinkTimeOf } from '../harness/scenario/think-time.ts';
import { requestOf } from './common/calls.ts';
import { choice, duration, flag, HOUR_MS, integer, rate, thinkTime } from './common/parameters.ts';
import { payloadOf } from './common/payload.ts';

/** Share of the duration, from its start, that is warm-up. */
const WARMUP_SHARE = 0.2;

export default defineScenario({
  id: 'echo',
  title: 'Echo over held connections',
  question: 'What does an exchange cost, and how many does a server carry over N held connections?',
  service: 'echo',
  parameters: {
    duration: duration(
      1000,
      [10, HOUR_MS],
      'How long clients exchange; the first fifth is warm-up and is not recorded.',
    ),
    size: integer(64, [1, 1_000_000], 'Bytes of each message.'),
    think: thinkTime(
      '0',
      'Pause between an answer and the next request: 0, 5ms, uniform:2ms..8ms, exponential:5ms. Not with a rate.',
    ),
    rate: rate('Requests a second of all clients together, due at set times (open loop); 0: closed loop.'),
    arrivals: choice(
      'constant',
      ['constant', 'poisson'],
      'How the requests of an open loop are spread over time.',
    ),
    raw: flag('Send plain bytes instead of frames, for servers that know no frames.'),
  },
  serviceSettings: ({ raw }) => (raw ? { raw: 'true' } : {}),
  metrics: [],
  headline: 'throughput',
  holds: true,
  timedBy: 'duration',
  thinkBy: 'think',
  pacedBy: 'rate',
  idealMs: ({ duration }) => duration,
  warmupMs: ({ duration }) => duration * WARMUP_SHARE,
  measuredUntilMs: ({ duration }) => duration,
  deadlineMs: ({ duration }) => duration + 15_000,
  async client(client, { duration, size, think, rate, arrivals, raw }) {
    const connection = await client.connect({ framing: raw ? 'raw' : 'frames' });
    const payload = payloadOf(client, size);
    const request = raw ? payload : requestOf('echo', { payload });
    const pace: Partial<ExchangeLoop> =
      rate > 0
        ? { rate: { perSecond: rate, arrivals: arrivals === 'poisson' ? 'poisson' : 'constant' } }
        : { thinkMs: thinkTimeOf(think, client.random) };
    await connection.exchanges({ request, echoes: true, untilMs: duration, ...pace });
    await connection.close();
  },
});
