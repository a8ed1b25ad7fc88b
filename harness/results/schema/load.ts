/** The load of a trial and its outcome, over all generators. */
import * as z from 'zod';
import { amount, count, numbers, type Immutable } from './leaves.ts';

/** Why an exchange or a connection attempt did not complete. Each kind is counted separately. */
export type ErrorKind = z.infer<typeof errorKind>;
const errorKind = z.enum([
  /** The connection attempt was refused (ECONNREFUSED). */
  'refused',
  /** The peer reset the connection (ECONNRESET, EPIPE). */
  'reset',
  /** The peer closed in the middle of an exchange. */
  'closed',
  /** No complete answer within the deadline. */
  'deadline',
  /** No answer within the waiting period (a lost client, not a failure). */
  'patience',
  /** The peer broke the protocol: garbage, an oversized length, a wrong call id. */
  'protocol',
  /** The server answered that it is busy (a lost client, not a failure). */
  'busy',
  /** HTTP: the server answered with a redirection (300 to 399). */
  '3xx',
  /** HTTP: the server answered that the request is at fault (400 to 499). */
  '4xx',
  /** HTTP: the server answered that it is at fault itself (500 to 599). */
  '5xx',
  /** The server answered with any other typed error or status. */
  'answer',
  /** The answer was well formed but wrong. */
  'mismatch',
  /** This machine ran out of client ports (EADDRNOTAVAIL). */
  'ports',
  /** This process ran out of descriptors (EMFILE, ENFILE). */
  'descriptors',
  /** Any other error of the operating system. */
  'system',
]);

/** Attempts are conserved: attempted = completed + Σ errors + in flight at stop. */
export type Account = Immutable<z.infer<typeof account>>;
const account = z.object({
  attempted: count,
  completed: count,
  errors: z.partialRecord(errorKind, count),
  /** In flight when the load was stopped. */
  inFlight: count,
});

/** A histogram of whole numbers, merged over generators; statistics in the recorded unit (µs for durations). */
export type HistogramRecord = Immutable<z.infer<typeof histogramRecord>>;
const histogramRecord = z.object({
  count,
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  p999: z.number(),
  /** The whole distribution in HdrHistogram V2 compressed encoding, base64. */
  encoded: z.string(),
  /** Values outside 0 to 24 h, recorded as the nearer limit; absent where there were none. */
  clamped: count.exactOptional(),
  /**
   * Values of which only a lower bound is known (censored): a client that gave up has waited at least its patience. They
   * are recorded as their bound, and a statistic that falls among them is a lower bound; absent where there were none.
   */
  atLeast: count.exactOptional(),
});

/** The C addon, or `node:net` where it was not built. Their cost for each message differs. */
export type SocketKind = z.infer<typeof socketKind>;
const socketKind = z.enum(['native', 'node']);

export type GeneratorUse = Immutable<z.infer<typeof generatorUse>>;
const generatorUse = z.object({
  pid: count,
  /** Absent in runs of older versions. */
  sockets: socketKind.exactOptional(),
  cpuUserNs: z.number(),
  cpuSystemNs: z.number(),
  /** CPU time of the client thread over elapsed time: 1 is one saturated core. */
  coreShare: z.number(),
  /** Lateness of its event loop, in ms. */
  latenessP99Ms: z.number(),
  latenessMaxMs: z.number(),
  peakRssBytes: z.number(),
});

/** The load and its outcome, over all generators. */
export type LoadResult = Immutable<z.infer<typeof loadResult>>;
export const loadResult = z.object({
  /** From the common start until the last client was done, in ms. */
  elapsedMs: amount,
  /** Length of the measured window, in ms: from the end of warm-up to the end of the set time, or of the load. */
  windowMs: amount,
  /** Activity inside the window, with durations cut at its edges; absent where the load tool cannot tell. */
  window: z
    .object({
      /** Exchanges answered inside the window: throughput is this over `windowMs`. */
      completed: count,
      /** Σ over clients of the time spent waiting for answers, in ms. */
      responseMs: z.number(),
      /** Σ over clients of the actual think or sleep time, in ms. */
      thinkMs: z.number(),
    })
    .exactOptional(),
  /** Pauses of all clients, think times and sleeps; absent where there were none, and where the load tool cannot tell. */
  pauses: z
    .object({
      /** Pauses that came to their end. */
      count,
      /** Σ of what they were to last, in ms. */
      askedMs: amount,
      /** Σ of what they lasted, in ms: more than asked, as timers wake late. */
      sleptMs: amount,
      /**
       * What the pauses of the client that was done last lasted beyond what was asked, in ms: part of the elapsed time,
       * and no doing of the server. 0 where the load goes on for a set time.
       */
      lastLateMs: z.number(),
    })
    .exactOptional(),
  /** How the clients ended. asked = completed + lost + failed + stopped. */
  clients: z.object({
    asked: count,
    completed: count,
    lost: count,
    failed: count,
    /** Stopped by the harness before their end. */
    stopped: count,
  }),
  /** Highest number of connections open at once and answered by the server; waiting in its backlog does not count. */
  peakEstablished: count,
  connects: account,
  exchanges: account,
  bytesSent: count,
  bytesReceived: count,
  /** Sum of the counters in which the scenario counts wrong answers (`faults`); absent where there were none. */
  wrong: count.exactOptional(),
  /** The scenario's own counters. */
  counters: z.record(z.string(), z.number()),
  /**
   * `connect`; `latency` and, in an open loop, `service` of requests sent inside the window (all µs); the
   * scenario's own.
   */
  histograms: z.record(z.string(), histogramRecord),
  /** The first error message of each kind. */
  firstErrors: z.array(z.object({ kind: errorKind, message: z.string() })),
  /** Open loop only: offered and achieved rate, per second. */
  rate: z.object({ offeredPerSecond: z.number(), achievedPerSecond: z.number() }).exactOptional(),
  generators: z.array(generatorUse),
  /** Throughput and connections over time; columns of equal length. */
  timeline: z.object({ atMs: numbers, completed: numbers, established: numbers }),
});
