/** What happened in one trial: one JSON line of `trials.jsonl`, written as the trial ends. */
import type { ErrorKind } from '../scenario/client.ts';
import type { Trial } from '../plan/plan.ts';
import type { KernelCounters } from '../observe/machine/kernel-counters.ts';
import type { ResourceSeries, ResourceUse } from '../observe/types.ts';

/** Attempts are conserved: attempted = completed + Σ errors + in flight at stop. */
export interface Account {
  readonly attempted: number;
  readonly completed: number;
  readonly errors: Readonly<Partial<Record<ErrorKind, number>>>;
  /** Under way when the load was stopped. */
  readonly inFlight: number;
}

/** A histogram of whole numbers, merged over generators; statistics in the recorded unit (µs for durations). */
export interface HistogramRecord {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  /** HdrHistogram V2 compressed encoding, base64: the portable form of the whole distribution. */
  readonly encoded: string;
  /** Values outside 0 to 24 h, recorded as the nearest end of it; absent where there were none. */
  readonly clamped?: number;
}

/** The load as it was made and answered, over all generators. */
export interface LoadResult {
  /** From the common start until the last client was done, in ms. */
  readonly elapsedMs: number;
  /** Length of the part that was measured: from the end of warm-up to the end of the set time, or of the load, in ms. */
  readonly windowMs: number;
  /** What all clients did inside that part, stretches of time cut at its edges; absent where the load tool cannot tell. */
  readonly window?: {
    /** Exchanges whose answer came inside it: throughput is this over `windowMs`. */
    readonly completed: number;
    /** Σ over clients of the time they waited for answers, in ms. */
    readonly responseMs: number;
    /** Σ over clients of the time they thought or slept, as it was, in ms. */
    readonly thinkMs: number;
  };
  /** How the clients ended. asked = completed + lost + failed + stopped. */
  readonly clients: {
    readonly asked: number;
    readonly completed: number;
    readonly lost: number;
    readonly failed: number;
    /** Stopped by the harness before their end. */
    readonly stopped: number;
  };
  /** Most connections at once that were open and that the server had answered: waiting in its backlog is not enough. */
  readonly peakEstablished: number;
  readonly connects: Account;
  readonly exchanges: Account;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** The scenario's own counters. */
  readonly counters: Readonly<Record<string, number>>;
  /**
   * `connect`; `latency` and, in an open loop, `service` of what was sent inside the window (all µs); the scenario's own.
   */
  readonly histograms: Readonly<Record<string, HistogramRecord>>;
  /** The first error of each kind, as it was said. */
  readonly firstErrors: readonly { readonly kind: ErrorKind; readonly message: string }[];
  /** Open loop only: what was offered and what was achieved, per second. */
  readonly rate?: { readonly offeredPerSecond: number; readonly achievedPerSecond: number };
  /** What the generators themselves used. */
  readonly generators: readonly GeneratorUse[];
  /** Throughput and connections over time; columns of equal length. */
  readonly timeline: {
    readonly atMs: readonly number[];
    readonly completed: readonly number[];
    readonly established: readonly number[];
  };
}

/** The addon in C, or Node's own `node:net` where it was not built. What a message costs the generator differs. */
export type SocketKind = 'native' | 'node';

export interface GeneratorUse {
  readonly pid: number;
  /** What carried its connections; absent in runs of older versions. */
  readonly sockets?: SocketKind;
  readonly cpuUserNs: number;
  readonly cpuSystemNs: number;
  /** CPU time of the thread that the clients run in, over elapsed time: 1 is one core, saturated. */
  readonly coreShare: number;
  /** Lateness of its event loop, in ms. */
  readonly latenessP99Ms: number;
  readonly latenessMaxMs: number;
  readonly peakRssBytes: number;
}

/** How long each step of a trial took, in ms. */
export interface TrialPhases {
  readonly spawnMs: number;
  readonly readyMs: number;
  readonly prepareMs: number;
  readonly loadMs: number;
  /** From the end of the load until the server's tree was gone. */
  readonly stopMs: number;
}

/** One check of whether the trial measured what it claims. */
export interface ValidityCheck {
  readonly id: 'conservation' | 'littles-law' | 'generator-saturated' | 'generator-late' | 'offered-rate' | 'established';
  readonly ok: boolean;
  /** The figure that was held against the limit. */
  readonly value: number;
  readonly limit: number;
  /** One sentence for people. */
  readonly message: string;
}

/** Why a trial failed. */
export interface TrialFailure {
  readonly kind:
    | 'spawn'
    | 'exited-early'
    | 'never-ready'
    | 'port-taken'
    | 'server-crashed'
    | 'load'
    | 'generator-lost'
    | 'deadline'
    | 'left-behind';
  readonly message: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** The last lines that the server wrote to stderr. */
  readonly stderrTail?: string;
}

export interface TrialCommon {
  readonly schema: 1;
  readonly trial: Trial;
  /** Wall-clock time of the start, ISO 8601, for display only. */
  readonly startedAt: string;
  /** ms since the start of the run, monotonic. */
  readonly startedMs: number;
  readonly phases: TrialPhases;
}

export interface CompletedTrial extends TrialCommon {
  readonly status: 'completed';
  readonly load: LoadResult;
  readonly resources: ResourceUse;
  readonly series: ResourceSeries;
  readonly kernel: KernelCounters;
  readonly checks: readonly ValidityCheck[];
  /** Statistics that the server printed as it stopped, if it is one that does. */
  readonly serverStatistics?: Readonly<Record<string, unknown>>;
}

export interface FailedTrial extends TrialCommon {
  readonly status: 'failed';
  readonly failure: TrialFailure;
  /** What the load had seen until then, where it had begun. */
  readonly load?: LoadResult;
}

export interface AbortedTrial extends TrialCommon {
  readonly status: 'aborted';
  /** What stopped it: `SIGINT`, … */
  readonly reason: string;
}

export type TrialResult = CompletedTrial | FailedTrial | AbortedTrial;
