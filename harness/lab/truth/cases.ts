/** Every known truth: how the server behaves, under which load, and which figures must say so. */
import type { Load } from '../stevens/measure.ts';
import type { KnownFigure } from './compare.ts';
import { DISTURBED, errors, latencies, metric } from './figures.ts';
import type { Behaviour, Done } from './known-server.ts';

export interface KnownTruth {
  /** Unique; letters, digits and dashes. */
  readonly name: string;
  /** What the server does, as a part of a sentence. */
  readonly title: string;
  readonly behaviour: Behaviour;
  readonly load: Load;
  readonly figures: readonly KnownFigure[];
  /** The doctor measures it too. */
  readonly quick?: boolean;
  /** The load is made once more on the warm server. */
  readonly warm?: boolean;
  /** As on a machine where no cgroup can be made for the server. */
  readonly withoutCgroup?: boolean;
}

const MEBIBYTE = 1_048_576;

/** Connections that exchange plain bytes for so long. */
const echo = (clients: number, durationMs: number, more: Load['parameters'] = {}): Load => ({
  scenario: 'echo',
  parameters: { raw: 'true', duration: durationMs, ...more },
  clients,
});

/** At most 1,000 exchanges: a client ends with the first that fails, and some must be left. */
const FEW_FAIL: Load = { scenario: 'echo', parameters: { duration: 500, think: '10ms' }, clients: 20 };

export const KNOWN_TRUTHS: readonly KnownTruth[] = [
  {
    name: 'delay',
    title: 'answers after 5 ms',
    behaviour: { wire: 'raw', 'delay-us': 5000 },
    load: echo(20, 1000),
    figures: [
      ...latencies(50, 90),
      metric('throughput', ({ delayMeanUs }, { clients }) => (clients * 1e6) / delayMeanUs, {
        excusedBy: DISTURBED,
      }),
    ],
  },
  {
    name: 'known-delays',
    title: 'answers after 1 to 20 ms, evenly spread',
    behaviour: { wire: 'raw', 'delay-us': 'uniform:1000..20000', seed: 1 },
    load: echo(20, 2000),
    figures: latencies(50, 90, 99),
    quick: true,
  },
  {
    name: 'exponential-delays',
    title: 'answers after 20 ms on average, exponentially spread',
    behaviour: { wire: 'raw', 'delay-us': 'exponential:20000', seed: 2 },
    load: echo(60, 3000),
    figures: latencies(50, 90, 99),
  },
  stall('stall', 5000, 1600),
  ...cpu('cpu-in-thread', 'uses 500 µs of CPU in the serving thread for each exchange', { 'cpu-us': 500 }),
  ...cpu('cpu-in-process', 'uses 500 µs of CPU for each exchange, in a process that serves one connection', {
    serve: 'process',
    'cpu-us': 500,
  }),
  ...cpu('cpu-in-child', 'uses 5 ms of CPU in a process that lives for one exchange', {
    'cpu-by': 'child',
    'cpu-us': 5000,
  }),
  // So much that the end of the process, which it cannot tell of itself, is next to nothing.
  ...cpu(
    'cpu-in-orphan',
    'uses 50 ms of CPU in a grandchild with a session of its own, whose parent has ended',
    { 'cpu-by': 'orphan', 'cpu-us': 50_000 },
  ),
  {
    name: 'cold-and-warm',
    title: 'uses 300 ms of CPU on its first exchange and 2 ms on each',
    behaviour: { wire: 'raw', 'cold-us': 300_000, 'cpu-us': 2000 },
    load: echo(4, 1000),
    figures: [
      metric(
        'cpu-per-exchange',
        (done, { exchanges }) => done.coldCpuNs / 1000 / exchanges + warmCpuUs(done),
      ),
      metric('warm-cpu-per-exchange', warmCpuUs),
    ],
    warm: true,
  },
  {
    name: 'memory-in-threads',
    title: 'takes 1 MiB for each connection, in the process that serves all',
    behaviour: { wire: 'raw', 'memory-bytes': MEBIBYTE },
    load: echo(50, 2000, { think: '50ms' }),
    figures: [metric('memory-per-connection', ({ touchedBytes, accepted }) => touchedBytes / accepted)],
    quick: true,
  },
  {
    name: 'memory-in-processes',
    title: 'has 200 MB and starts a process for each connection, which takes 1 MiB',
    behaviour: { wire: 'raw', serve: 'process', 'parent-bytes': 200e6, 'memory-bytes': MEBIBYTE },
    load: echo(20, 3000, { think: '50ms' }),
    figures: [metric('memory-per-connection', ({ privateBytes }) => privateBytes)],
  },
  {
    name: 'memory-shared',
    title: 'has 200 MB and starts a process for each connection, which takes next to nothing',
    behaviour: { wire: 'raw', serve: 'process', 'parent-bytes': 200e6 },
    load: echo(20, 3000, { think: '50ms' }),
    figures: [metric('memory-per-connection', ({ privateBytes }) => privateBytes)],
  },
  {
    name: 'held-at-once',
    title: 'serves 20 connections at once, of 50',
    behaviour: { wire: 'raw', most: 20 },
    load: echo(50, 500, { think: '5ms' }),
    figures: [
      {
        what: 'held at once',
        unit: 'count',
        shown: ({ heldAtOnce }) => heldAtOnce?.median,
        truth: ({ mostHeld }) => mostHeld,
        ratio: 0,
      },
    ],
    quick: true,
  },
  {
    name: 'session-overhead',
    title: 'answers each message of a session after 10 ms',
    behaviour: { 'delay-us': 10_000 },
    load: { scenario: 'session', parameters: { exchanges: 20, think: '5ms' }, clients: 1 },
    figures: [
      metric('overhead', ({ delays, delayMeanUs }) => (delays * delayMeanUs) / 1000, {
        excusedBy: DISTURBED,
      }),
    ],
  },
  {
    name: 'corrupted-answers',
    title: 'changes a bit of every 100th answer',
    behaviour: { corrupt: 100 },
    load: FEW_FAIL,
    figures: [errors('mismatch', ({ corrupted }) => corrupted)],
    quick: true,
  },
  {
    name: 'half-answers',
    title: 'answers every 100th exchange with half of what had to come back',
    behaviour: { corrupt: 100, 'corrupt-by': 'half' },
    load: FEW_FAIL,
    figures: [errors('mismatch', ({ corrupted }) => corrupted)],
  },
  {
    name: 'strangers-answers',
    title: 'answers every 100th exchange with what another client had sent',
    behaviour: { corrupt: 100, 'corrupt-by': 'stranger' },
    load: FEW_FAIL,
    figures: [errors('mismatch', ({ corrupted }) => corrupted)],
  },
  {
    name: 'corrupted-bytes',
    title: 'changes a bit of every 100th answer, which has no frame',
    behaviour: { wire: 'raw', corrupt: 100 },
    load: echo(FEW_FAIL.clients, 500, { think: '10ms' }),
    figures: [errors('mismatch', ({ corrupted }) => corrupted)],
  },
  {
    name: 'lost-connections',
    title: 'resets every 5th connection at once',
    behaviour: { wire: 'raw', lose: 5 },
    load: echo(50, 500),
    figures: [
      errors('reset', ({ lost }) => lost),
      metric('failed', ({ lost, accepted }) => lost / accepted, { ratio: 0 }),
    ],
  },
  {
    name: 'failed-exchanges',
    title: 'answers every 100th exchange with an error',
    behaviour: { fail: 100 },
    load: FEW_FAIL,
    figures: [errors('answer', ({ failed }) => failed)],
  },
];

/**
 * Requests are due at a constant rate over a window in which nothing is answered for a while. Those that fall due in that
 * time wait for the rest of it, all others next to nothing: the latency above which a share q of all requests lies is the
 * stall less q windows.
 */
function stall(name: string, durationMs: number, stallMs: number): KnownTruth {
  /** The first fifth of an echo load is warm-up and not recorded. */
  const windowMs = 0.8 * durationMs;
  const percentile = (id: string, share: number): KnownFigure =>
    metric(id, ({ stalledNs }) => stalledNs / 1e6 - share * windowMs, { excusedBy: DISTURBED });
  return {
    name,
    title: `answers nothing for ${stallMs / 1000} s`,
    behaviour: { wire: 'raw', 'stall-from-ms': 0.3 * durationMs, 'stall-ms': stallMs },
    load: echo(50, durationMs, { rate: 1000 }),
    figures: [percentile('latency-p90', 0.1), percentile('latency-p99', 0.01)],
    quick: true,
  };
}

/** CPU time of an exchange: as a cgroup counts it, and as /proc does where there is none. */
function cpu(name: string, title: string, behaviour: Behaviour): readonly KnownTruth[] {
  const known: KnownTruth = {
    name,
    title,
    behaviour: { wire: 'raw', ...behaviour },
    load: echo(4, 1000),
    figures: [
      metric('cpu-per-exchange', ({ cpuNs, exchanges }) => cpuNs / 1000 / exchanges, {
        excusedBy: ['cpu-missing'],
      }),
    ],
    quick: name === 'cpu-in-child',
  };
  return [
    known,
    {
      ...known,
      name: `${name}-without-cgroup`,
      title: `${title}, without a cgroup`,
      // /proc counts who has ended in ticks: long enough that they are a small share.
      load: echo(4, 2500),
      withoutCgroup: true,
      quick: false,
    },
  ];
}

/** CPU time of an exchange but for what was spent once, in µs. */
function warmCpuUs({ cpuNs, coldCpuNs, exchanges }: Done): number {
  return (cpuNs - coldCpuNs) / 1000 / exchanges;
}
