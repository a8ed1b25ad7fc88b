/** Builds small runs from figures, as if they had been measured. */
import { EXAMPLE_ENVIRONMENT } from '../observe/environment-fixture.ts';
import type { EnvironmentIdentity, RunManifest } from '../../harness/results/schema/run.ts';
import type {
  KernelCounters,
  CompletedTrial,
  FailedTrial,
  TrialResult,
  ValidityCheck,
} from '../../harness/results/schema/trial.ts';
import type { Plan, PlannedScenario, PlannedServer, Trial } from '../../harness/results/schema/plan.ts';
import type { Run } from '../../harness/results/run.ts';
import type { HistogramRecord, SocketKind } from '../../harness/results/schema/load.ts';

/** What a trial measured, as far as it matters; everything else is plain and healthy. */
export interface Figures {
  readonly elapsedMs: number;
  /** Default: 10 a client. */
  readonly exchanges?: number;
  readonly lost?: number;
  readonly failed?: number;
  readonly errors?: Readonly<Record<string, number>>;
  readonly firstErrors?: CompletedTrial['load']['firstErrors'];
  /** Median latency; no latency histogram where absent. */
  readonly latencyMs?: number;
  /** CPU time of the server. Default: 10 µs an exchange. */
  readonly cpuNs?: number;
  /** Peak of RSS and PSS; at readiness both are 40 MB. */
  readonly peakRssBytes?: number;
  /** PSS while all clients were held; none where absent. */
  readonly holdPssBytes?: number;
  readonly threads?: number;
  readonly processes?: number;
  /** Connections open and served at once. Default: all. */
  readonly peakEstablished?: number;
  /** CPU time of the server over time, beside the total. */
  readonly cpuSeries?: readonly (readonly [atMs: number, cpuNs: number])[];
  /** Of one generator, in cores. Default: 0.1. */
  readonly generatorShare?: number;
  readonly counters?: Readonly<Record<string, number>>;
  readonly sockets?: SocketKind;
  readonly kernel?: Partial<KernelCounters>;
  readonly periodMs?: number;
  readonly unreadable?: readonly string[];
  readonly cpuMissingNs?: number;
  readonly checks?: readonly ValidityCheck[];
  readonly offeredPerSecond?: number;
}

/** The outcome of a trial: its figures, why it failed, or that it was aborted. */
export type Outcome = Figures | { readonly failure: string } | 'aborted' | 'missing';

export interface RunOptions {
  readonly servers?: readonly PlannedServer[];
  readonly scenarios?: readonly PlannedScenario[];
  readonly clients?: readonly number[];
  readonly trialsPerCell?: number;
  readonly seed?: number;
  readonly manifest?: Partial<RunManifest>;
  readonly identity?: Partial<EnvironmentIdentity>;
  readonly measure: (trial: Trial) => Outcome;
}

export function fakeServer(name: string, parts: Partial<PlannedServer> = {}): PlannedServer {
  return {
    name,
    title: `The ${name} server`,
    language: 'ts',
    model: name,
    commands: { session: ['node', `${name}.ts`] },
    announces: true,
    stopSignal: 'SIGTERM',
    ...parts,
  };
}

export function fakeScenario(parts: Partial<PlannedScenario> = {}): PlannedScenario {
  return {
    id: 'session',
    title: 'Session',
    module: 'builtin:session',
    parameters: {},
    idealMs: 100,
    warmupMs: 0,
    holds: false,
    traits: {},
    headline: 'elapsed',
    metrics: [],
    ...parts,
  };
}

/** A check that failed. */
export function failedCheck(id: ValidityCheck['id'] = 'littles-law'): ValidityCheck {
  return { id, ok: false, value: 0.5, limit: 0.02, message: `The check ${id} failed.` };
}

/** Runs the plan in block order: every cell once, then every cell again. */
export function fakeRun(options: RunOptions): Run {
  const { servers = [fakeServer('loop')], scenarios = [fakeScenario()], clients = [10] } = options;
  const { trialsPerCell = 6, seed = 7 } = options;
  const trials: Trial[] = [];
  for (let repetition = 1; repetition <= trialsPerCell; repetition++) {
    for (const scenario of scenarios) {
      for (const server of servers) {
        for (const level of clients) {
          trials.push({
            index: trials.length,
            server: server.name,
            scenario: scenario.id,
            clients: level,
            repetition,
            seed: trials.length,
            deadlineMs: 60_000,
          });
        }
      }
    }
  }
  const plan: Plan = { schema: 1, seed, servers, scenarios, clients, rampMs: 0, trialsPerCell, trials };
  return {
    manifest: {
      schema: 1,
      id: 'run-1',
      toolVersion: '0.0.0',
      lockfileHash: null,
      planHash: 'hash',
      serverHashes: {},
      commandLine: ['holdfast', 'bench'],
      startedAt: '2026-01-01T00:00:00.000Z',
      status: 'complete',
      ...options.manifest,
    },
    plan,
    environment: {
      ...EXAMPLE_ENVIRONMENT,
      identity: { ...EXAMPLE_ENVIRONMENT.identity, ...options.identity },
    },
    trials: trials.flatMap((trial) => resultOf(trial, options.measure(trial)) ?? []),
  };
}

function resultOf(trial: Trial, outcome: Outcome): TrialResult | undefined {
  const common = {
    schema: 1,
    trial,
    startedAt: '2026-01-01T00:00:00.000Z',
    startedMs: trial.index * 1000,
    phases: { spawnMs: 1, readyMs: 1, prepareMs: 1, loadMs: 100, stopMs: 1 },
  } as const;
  if (outcome === 'missing') return undefined;
  if (outcome === 'aborted') return { ...common, status: 'aborted', reason: 'SIGINT' };
  if ('failure' in outcome) {
    return {
      ...common,
      status: 'failed',
      failure: { kind: 'load', message: outcome.failure },
    } satisfies FailedTrial;
  }
  const phases = { ...common.phases, loadMs: outcome.elapsedMs };
  return { ...common, phases, ...measured(trial, outcome) };
}

function measured(
  trial: Trial,
  figures: Figures,
): Omit<CompletedTrial, 'schema' | 'trial' | 'startedAt' | 'startedMs' | 'phases'> {
  const { elapsedMs, lost = 0, failed = 0, errors = {}, exchanges = trial.clients * 10 } = figures;
  const { latencyMs, offeredPerSecond, cpuNs = exchanges * 10_000, peakRssBytes = 50e6 } = figures;
  const wrong = Object.values(errors).reduce((sum, count) => sum + count, 0);
  return {
    status: 'completed',
    load: {
      elapsedMs,
      windowMs: elapsedMs,
      clients: { asked: trial.clients, completed: trial.clients - lost - failed, lost, failed, stopped: 0 },
      peakEstablished: figures.peakEstablished ?? trial.clients,
      connects: { attempted: trial.clients, completed: trial.clients, errors: {}, inFlight: 0 },
      exchanges: { attempted: exchanges + wrong, completed: exchanges, errors, inFlight: 0 },
      bytesSent: 0,
      bytesReceived: 0,
      counters: figures.counters ?? {},
      histograms: latencyMs === undefined ? {} : { latency: histogram(exchanges, latencyMs * 1000) },
      firstErrors: figures.firstErrors ?? [],
      generators: [
        {
          pid: 1,
          sockets: figures.sockets ?? 'native',
          cpuUserNs: 0,
          cpuSystemNs: 0,
          coreShare: figures.generatorShare ?? 0.1,
          latenessP99Ms: 1,
          latenessMaxMs: 2,
          peakRssBytes: 1,
        },
      ],
      timeline: { atMs: [], completed: [], established: [] },
      ...(offeredPerSecond === undefined
        ? {}
        : { rate: { offeredPerSecond, achievedPerSecond: offeredPerSecond } }),
    },
    resources: {
      source: 'schedstat+ticks',
      cpuNs,
      userNs: cpuNs,
      systemNs: 0,
      cpuCrossCheckNs: null,
      cpuMissingNs: figures.cpuMissingNs ?? 0,
      voluntarySwitches: 0,
      involuntarySwitches: 0,
      baselineRssBytes: 40e6,
      peakRssBytes,
      readyPssBytes: 40e6,
      peakPssBytes: peakRssBytes,
      pssReadings: 2,
      pssReadAtRssBytes: peakRssBytes,
      holdRssBytes: figures.holdPssBytes ?? null,
      holdPssBytes: figures.holdPssBytes ?? null,
      holdConnections: figures.holdPssBytes === undefined ? null : trial.clients,
      pssStepBytes: figures.holdPssBytes === undefined ? null : 4096,
      peakFds: null,
      peakThreads: figures.threads ?? 1,
      peakProcesses: figures.processes ?? 1,
      samples: 10,
      periodMs: figures.periodMs ?? 20,
      samplerCpuNs: 0,
      unreadable: figures.unreadable ?? [],
    },
    series: {
      atMs: (figures.cpuSeries ?? []).map(([atMs]) => atMs),
      cpuNs: (figures.cpuSeries ?? []).map(([, ns]) => ns),
      rssBytes: [],
      threads: [],
      processes: [],
    },
    kernel: {
      listenOverflows: 0,
      listenDrops: 0,
      synRetransmits: 0,
      retransSegs: 0,
      contextSwitches: 0,
      timeWait: 0,
      stealMs: 0,
      cpuPressureUs: 0,
      foreignCpuMs: 0,
      unreadable: [],
      ...figures.kernel,
    },
    checks: figures.checks ?? [],
  };
}

function histogram(count: number, us: number): HistogramRecord {
  return { count, min: us, max: us, mean: us, p50: us, p90: us, p99: us, p999: us, encoded: '' };
}
