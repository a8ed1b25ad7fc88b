/** HTTP over held connections, driven by the load tool autocannon. */
import { defineScenario } from '../harness/scenario/scenario.ts';
import { counterOf, percentilesOf } from './common/metrics.ts';
import { duration, HOUR_MS, integer, messageBytes, rate } from './common/parameters.ts';

/** Share of the duration, from its start, that is warm-up. */
const WARMUP_SHARE = 0.2;

/** The path under which the service returns what it gets: there the body is compared. */
const ECHO = /^\/echo(?:\?|$)/;

/** Warm-up with a rate, in ms; none where there is but one second. */
const RATE_WARMUP_MS = 1000;

export default defineScenario({
  id: 'http',
  title: 'HTTP over held connections',
  question: 'How many HTTP requests a second does each architecture answer, and how long does each take?',
  service: 'http',
  parameters: {
    duration: duration(
      3000,
      [1000, HOUR_MS],
      'How long requests are sent, up to the next whole second; the first fifth is warm-up, with a rate the first second.',
    ),
    path: {
      kind: 'text',
      default: '/echo',
      description:
        'Path and query: /echo, /work (drawn CPU time), /work?cpu=1ms, or what a server of yours has.',
    },
    size: messageBytes(0, 'Bytes of the body, which makes it a POST; 0: a GET without.'),
    pipelining: integer(1, [1, 1000], 'Requests under way on one connection at once.'),
    rate: rate('Requests a second of all connections together, sent in a burst each second; 0: no limit.'),
    timeout: duration(
      10_000,
      [1000, HOUR_MS],
      'A connection that has had no answer for so long is closed and opened again.',
    ),
  },
  metrics: [
    counterOf('toolRequests', {
      id: 'http-requests',
      title: 'requests/s (autocannon)',
      unit: 'per-second',
      direction: 'higher',
      description:
        'Requests a second as autocannon itself counts them: the mean of its whole seconds, warm-up included.',
    }),
    ...percentilesOf(
      'http-response',
      {
        title: 'response time',
        unit: 'ms',
        description:
          'From the sending of a request until its whole response, as autocannon tells it for each',
      },
      'response',
    ),
    counterOf('reconnects', {
      id: 'http-reconnects',
      title: 'connections made again',
      description:
        'Connections that the server closed after an answer that said so (Connection: close), so that they were made again. No exchange fails by it.',
    }),
    counterOf('informational', {
      id: 'http-informational',
      title: 'informational responses',
      description: 'Responses of status 100 to 199, which only announce another; they are no answers.',
    }),
    counterOf('non2xx', {
      id: 'http-refusals',
      title: 'responses other than 2xx',
      description: 'Responses with another status than 200 to 299; they are no completed exchanges.',
    }),
  ],
  headline: 'throughput',
  holds: true,
  timedBy: 'duration',
  pacedBy: 'rate',
  idealMs: ({ duration }) => duration,
  // With a rate the tool sends in a burst at each whole second: the window holds whole seconds, or it would miss them.
  warmupMs: ({ duration, rate }) =>
    rate === 0 ? duration * WARMUP_SHARE : duration < 2000 ? 0 : RATE_WARMUP_MS,
  measuredUntilMs: ({ duration }) => duration,
  deadlineMs: ({ duration, timeout }) => duration + timeout + 15_000,
  http: ({ duration, path, size, pipelining, rate, timeout }) => ({
    path,
    pipelining,
    durationMs: duration,
    timeoutMs: timeout,
    ...(size > 0 ? { method: 'POST', body: 'x'.repeat(size) } : { method: 'GET' }),
    ...(size > 0 && ECHO.test(path) ? { expectBody: 'x'.repeat(size) } : {}),
    ...(rate > 0 ? { ratePerSecond: rate } : {}),
  }),
});
