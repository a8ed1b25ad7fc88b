/** The trials of the fixture: what six kinds of servers would do, with a little noise from the trial's seed. */
import * as hdr from 'hdr-histogram-js';
import type { Trial } from '../../harness/results/schema/plan.ts';
import type { CompletedTrial, TrialResult } from '../../harness/results/schema/trial.ts';
import type { HistogramRecord } from '../../harness/results/schema/load.ts';

export interface TrialOptions {
  /** Every name and message gets this text added. */
  readonly suffix?: string;
  /** All trials end so instead of being completed. */
  readonly all?: 'failed' | 'aborted';
}

export const HOLD_MS = 200;
/** What a server is like: how many clients it serves at once, what one costs it. */
export type Kind = readonly [name: string, model: string, slots: number, perClientMs: number, mb: number];

const KINDS: readonly [Kind, ...Kind[]] = [
  ['c-epoll', 'event-loop', Infinity, 0.05, 0.01],
  ['ts-loop', 'event-loop', Infinity, 0.16, 0.05],
  ['c-prethread-queue', 'prethread-queue', 64, 0.07, 0.12],
  ['ts-prefork-accept', 'prefork-accept', 32, 0.3, 0.9],
  ['ts-fork', 'fork', Infinity, 24, 9.5],
  ['ts-iterative', 'iterative', 1, 0.1, 0.02],
];

export function serverKind(i: number): Kind {
  const base = KINDS[i % KINDS.length] ?? KINDS[0];
  const round = Math.floor(i / KINDS.length);
  if (round === 0) return base;
  return [
    `${base[0]}-${round + 1}`,
    base[1],
    base[2] * (1 + round),
    base[3] * (1 + round * 0.35),
    base[4] * (1 + round * 0.2),
  ];
}

/** A small linear congruential generator: enough for noise in pictures. */
function noiseFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) % 2_147_483_647;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function histogram(medianUs: number, count: number, seed: number): HistogramRecord {
  const noise = noiseFrom(seed + 7);
  const h = hdr.build({
    bitBucketSize: 64,
    numberOfSignificantValueDigits: 3,
    highestTrackableValue: 120_000_000,
  });
  for (let i = 0; i < count; i++) {
    const tail = noise() < 0.02 ? 1 + 12 * noise() : 1;
    h.recordValue(Math.max(1, Math.round(medianUs * (0.7 + 0.5 * noise() + 0.4 * noise() ** 4) * tail)));
  }
  const at = (percentile: number): number => h.getValueAtPercentile(percentile);
  const record: HistogramRecord = {
    count: h.totalCount,
    min: h.minNonZeroValue,
    max: h.maxValue,
    mean: h.mean,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    encoded: hdr.encodeIntoCompressedBase64(h),
  };
  h.destroy();
  return record;
}

/** One for each cell of a run: making them takes longer than all else. */
type Histograms = Map<string, HistogramRecord>;
const histogramsOf = new WeakMap<TrialOptions, Histograms>();

function completedTrial(trial: Trial, histograms: Histograms, kind: Kind, scenario: number): CompletedTrial {
  const noise = noiseFrom(trial.seed);
  const [, , slots, perClientMs, mb] = kind;
  const { clients } = trial;
  const wave = Math.max(1, Math.ceil(clients / slots));
  const jitter = 1 + 0.05 * (noise() - 0.4) * (scenario + 1);
  const elapsedMs = (HOLD_MS * (1 + scenario * 0.5) * wave + perClientMs * clients + 0.8) * jitter;
  const patienceMs = 5000;
  const lost = elapsedMs > patienceMs ? Math.floor(clients * (1 - patienceMs / elapsedMs)) : 0;
  const served = clients - lost;
  const endMs = Math.min(elapsedMs, patienceMs + 900 * jitter);
  const exchanges = served * 20;
  const key = `${kind[0]}/${clients}/${scenario}`;
  const latency =
    histograms.get(key) ??
    histogram(60 + perClientMs * 40 * clients ** 0.7, Math.min(exchanges, 1500), trial.index);
  histograms.set(key, latency);
  const steps = 40;
  const over = (f: (t: number) => number): number[] =>
    Array.from({ length: steps + 1 }, (_, i) => Math.round(f(i / steps)));
  const atMs = over((t) => t * endMs * 10).map((t) => t / 10);
  const cpuNs = (0.03 + perClientMs * 0.3) * clients * 1e6 + exchanges * 6000 * (1 + perClientMs / 10);
  const peakRssBytes = 42e6 + mb * 1e6 * Math.min(clients, slots);
  const held = Math.min(clients, slots === 1 ? clients : slots);
  return {
    schema: 1,
    trial,
    startedAt: '2026-11-21T04:05:06.000Z',
    startedMs: trial.index * 2600,
    phases: { spawnMs: 12, readyMs: 88, prepareMs: 31, loadMs: endMs, stopMs: 24 },
    status: 'completed',
    load: {
      elapsedMs: endMs,
      windowMs: endMs,
      clients: { asked: clients, completed: served, lost, failed: 0, stopped: 0 },
      peakEstablished: held,
      connects: { attempted: clients, completed: clients, errors: {}, inFlight: 0 },
      exchanges: {
        attempted: exchanges + lost,
        completed: exchanges,
        errors: lost > 0 ? { busy: lost } : {},
        inFlight: 0,
      },
      bytesSent: exchanges * 64,
      bytesReceived: exchanges * 64,
      counters: { 'messages-lost': 0 },
      histograms: { latency },
      firstErrors: lost > 0 ? [{ kind: 'busy', message: 'no worker came free within 5 s' }] : [],
      generators: [
        {
          pid: 4711,
          cpuUserNs: cpuNs * 0.8,
          cpuSystemNs: cpuNs * 0.4,
          coreShare: Math.min(0.97, (cpuNs * 1.2) / (endMs * 1e6)),
          latenessP99Ms: 1.2,
          latenessMaxMs: 3.4,
          peakRssBytes: 88e6,
        },
      ],
      timeline: {
        atMs,
        completed: over((t) => exchanges * (t < 0.1 ? 0 : Math.min(1, ((t - 0.1) / 0.85) ** 0.9))),
        established: over((t) => held * Math.min(1, t * 8, Math.max(0, (1 - t) * 12))),
      },
    },
    resources: {
      source: 'cgroup',
      cpuNs,
      userNs: cpuNs * 0.6,
      systemNs: cpuNs * 0.4,
      cpuCrossCheckNs: cpuNs * 1.004,
      cpuMissingNs: 0,
      voluntarySwitches: exchanges * 2,
      involuntarySwitches: exchanges,
      baselineRssBytes: 41e6,
      peakRssBytes,
      readyPssBytes: 41e6 * 0.8,
      peakPssBytes: peakRssBytes * 0.8,
      pssReadings: 3,
      pssReadAtRssBytes: peakRssBytes,
      holdRssBytes: peakRssBytes,
      holdPssBytes: peakRssBytes * 0.8,
      holdConnections: held,
      pssStepBytes: 4096,
      peakFds: held + 20,
      peakThreads: kind[1] === 'prethread-queue' ? 65 : 11,
      peakProcesses: kind[1] === 'fork' ? held + 1 : kind[1] === 'prefork-accept' ? 33 : 1,
      samples: 40,
      periodMs: 50,
      samplerCpuNs: 2e6,
      unreadable: [],
    },
    series: {
      atMs,
      // All of it in the middle of the trial.
      stealMs: over((t) => 4 * Math.min(1, Math.max(0, (t - 0.4) * 4))),
      cpuNs: over((t) => cpuNs * t),
      rssBytes: over((t) => 41e6 + (peakRssBytes - 41e6) * Math.min(1, t * 7)),
      threads: over(() => 11),
      processes: over(() => 1),
    },
    kernel: {
      listenOverflows: 0,
      listenDrops: 0,
      synRetransmits: 0,
      retransSegs: 0,
      contextSwitches: 0,
      timeWait: 12,
      stealMs: 4,
      cpuPressureUs: 900,
      foreignCpuMs: 31,
      unreadable: [],
    },
    checks: [
      { id: 'conservation', ok: true, value: 0, limit: 0, message: 'Every attempt is accounted for.' },
      {
        id: 'generator-saturated',
        ok: true,
        value: 0.4,
        limit: 0.9,
        message: 'The busiest generator used 40 % of a core.',
      },
    ],
  };
}

/** `options` are those of the whole run. Two kinds of trouble in an otherwise complete run: the fork server fails at the top, and one trial is not valid. */
export function resultOf(
  trial: Trial,
  options: TrialOptions,
  top: number,
  scenario: number,
  i: number,
): TrialResult {
  const kind = serverKind(i);
  const histograms = histogramsOf.get(options) ?? new Map();
  histogramsOf.set(options, histograms);
  const common = completedTrial(trial, histograms, kind, scenario);
  const { schema, startedAt, startedMs, phases } = common;
  if (options.all === 'aborted')
    return { schema, trial, startedAt, startedMs, phases, status: 'aborted', reason: 'SIGINT' };
  if (options.all === 'failed' || (kind[1] === 'fork' && trial.clients === top && top >= 100)) {
    return {
      schema,
      trial,
      startedAt,
      startedMs,
      phases,
      status: 'failed',
      failure: {
        kind: 'server-crashed',
        message: `The server ended with exit code 1 while clients were connected.${options.suffix ?? ''}`,
        exitCode: 1,
        stderrTail: `Error: spawn EAGAIN\n    at ChildProcess.spawn (node:internal/child_process:420:11)${options.suffix ?? ''}`,
      },
    };
  }
  if (kind[0] === 'ts-loop' && trial.clients === top && trial.repetition === 1) {
    return {
      ...common,
      checks: [
        {
          id: 'generator-saturated',
          ok: false,
          value: 0.97,
          limit: 0.9,
          message: `The busiest generator used 97 % of a core.${options.suffix ?? ''}`,
        },
      ],
    };
  }
  return common;
}
