/** What files of a run must look like to be read: one zod schema a file. Loaded lazily, for zod takes a while to load. */
import * as z from 'zod';

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();
const value = z.union([z.number(), z.boolean(), z.string()]);

export const metricDefinition = z.object({
  id: z.string(),
  title: z.string(),
  unit: z.enum(['ms', 'us', 'bytes', 'count', 'per-second', 'ratio']),
  direction: z.enum(['lower', 'higher', 'neutral']),
  description: z.string(),
  source: z.discriminatedUnion('from', [
    z.object({ from: z.literal('trial') }),
    z.object({
      from: z.literal('counter'),
      name: z.string(),
      per: z.enum(['second', 'exchange', 'client']).optional(),
    }),
    z.object({
      from: z.literal('histogram'),
      name: z.string(),
      statistic: z.enum(['p50', 'p90', 'p99', 'p999', 'mean', 'max', 'min']),
    }),
  ]),
});

const trial = z.object({
  index: count,
  server: z.string(),
  scenario: z.string(),
  clients: z.number().int().positive(),
  repetition: z.number().int().positive(),
  seed: count,
  deadlineMs: ms,
});

/** plan.json */
export const planSchema = z.object({
  schema: z.literal(1),
  seed: count,
  servers: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      language: z.string(),
      model: z.string(),
      analytic: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('iterative') }),
          z.object({ kind: z.literal('pool'), slots: z.number().int().positive() }),
          z.object({ kind: z.literal('unbounded') }),
        ])
        .optional(),
      commands: z.record(z.string(), z.array(z.string())),
      announces: z.boolean(),
      spreads: z.boolean(),
      processes: z.number().int().positive().optional(),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
    }),
  ),
  scenarios: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      module: z.string(),
      parameters: z.record(z.string(), value),
      idealMs: ms,
      warmupMs: ms,
      holds: z.boolean(),
      traits: z
        .object({
          timedBy: z.string().optional(),
          patienceMs: ms.optional(),
          thinkBy: z.string().optional(),
          ratePerSecond: z.number().positive().optional(),
        })
        .optional(),
      headline: z.string(),
      metrics: z.array(metricDefinition),
    }),
  ),
  clients: z.array(z.number().int().positive()),
  trialsPerCell: z.number().int().positive(),
  rampMs: ms,
  trials: z.array(trial),
  precision: z.object({ relative: z.number().positive(), maxTrials: z.number().int().positive() }).optional(),
});

/** run.json */
export const manifestSchema = z.object({
  schema: z.literal(1),
  id: z.string(),
  toolVersion: z.string(),
  lockfileHash: z.string().nullable(),
  planHash: z.string(),
  serverHashes: z.record(z.string(), z.string().nullable()),
  commandLine: z.array(z.string()),
  startedAt: z.string(),
  status: z.enum(['running', 'complete', 'aborted']),
  timeSpent: z.record(z.string(), ms).optional(),
});

/** environment.json */
export const environmentSchema = z.object({
  identity: z.record(z.string(), z.unknown()),
  state: z.record(z.string(), z.unknown()),
});

const account = z.object({
  attempted: count,
  completed: count,
  errors: z.record(z.string(), count),
  inFlight: count,
});

const load = z.looseObject({
  elapsedMs: ms,
  windowMs: ms,
  clients: z.object({ asked: count, completed: count, lost: count, failed: count, stopped: count }),
  peakEstablished: count,
  connects: account,
  exchanges: account,
  bytesSent: count,
  bytesReceived: count,
  counters: z.record(z.string(), z.number()),
  histograms: z.record(
    z.string(),
    z.object({
      count,
      min: z.number(),
      max: z.number(),
      mean: z.number(),
      p50: z.number(),
      p90: z.number(),
      p99: z.number(),
      p999: z.number(),
      encoded: z.string(),
    }),
  ),
  firstErrors: z.array(z.object({ kind: z.string(), message: z.string() })),
  generators: z.array(z.looseObject({ pid: count, coreShare: z.number() })),
  timeline: z.object({
    atMs: z.array(z.number()),
    completed: z.array(z.number()),
    established: z.array(z.number()),
  }),
});

const common = {
  schema: z.literal(1),
  trial,
  startedAt: z.string(),
  startedMs: ms,
  phases: z.object({ spawnMs: ms, readyMs: ms, prepareMs: ms, loadMs: ms, stopMs: ms }),
};

/** One line of trials.jsonl */
export const trialResultSchema = z.discriminatedUnion('status', [
  z.object({
    ...common,
    status: z.literal('completed'),
    load,
    resources: z.looseObject({ cpuNs: z.number() }),
    series: z.looseObject({ atMs: z.array(z.number()) }),
    kernel: z.looseObject({}),
    checks: z.array(
      z.object({ id: z.string(), ok: z.boolean(), value: z.number(), limit: z.number(), message: z.string() }),
    ),
    serverStatistics: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({
    ...common,
    status: z.literal('failed'),
    failure: z.looseObject({ kind: z.string(), message: z.string() }),
    load: load.optional(),
  }),
  z.object({ ...common, status: z.literal('aborted'), reason: z.string() }),
]);
