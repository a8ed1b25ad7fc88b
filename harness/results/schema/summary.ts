/** `summary.json`: one cell per server × scenario × clients, an estimate of every metric, and what follows from them. */
import * as z from 'zod';
import { count, estimate, positive, version, type Immutable } from './leaves.ts';
import { metricDefinition } from './plan.ts';

/** How many trials ended how. */
const trialCounts = z.object({
  planned: count,
  completed: count,
  failed: count,
  aborted: count,
  /** Of the completed ones, those in which a validity check failed: counted and shown, never judged. */
  invalid: count,
});

/** All trials of one server under one scenario with one number of clients. */
export type Cell = Immutable<z.infer<typeof cell>>;
const cell = z.object({
  server: z.string(),
  scenario: z.string(),
  clients: positive,
  trials: trialCounts,
  /** Client outcomes summed over completed trials. */
  outcomes: z.object({ asked: count, lost: count, failed: count }),
  /** Errors of connects and exchanges by kind, summed over completed trials. */
  errors: z.record(z.string(), count),
  /** By metric id; a metric that no trial carries is absent, never 0. */
  metrics: z.record(z.string(), estimate),
  /** `trial.index` of its trials, ascending: the order in which they ran. */
  trialIndices: z.array(count),
  /** No completed trial is valid: the metrics are those of the invalid ones, shown for want of others, never judged. */
  invalidOnly: z.boolean().exactOptional(),
});

/** A fitted figure with the ends of its bootstrap interval. */
export type FittedFigure = Immutable<z.infer<typeof fittedFigure>>;
const fittedFigure = z.object({
  value: z.number(),
  /** null where the trials are too few for an interval. */
  low: z.number().nullable(),
  /** null where the trials are too few for an interval, or set no upper bound (a knee that may not exist). */
  high: z.number().nullable(),
});

/** Universal Scalability Law fitted to one server's throughput. */
export type ScalingFit = Immutable<z.infer<typeof scalingFit>>;
const scalingFit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('fit'),
    server: z.string(),
    scenario: z.string(),
    alpha: fittedFigure,
    beta: fittedFigure,
    gamma: fittedFigure,
    /** Clients at which throughput is highest; null where it grows without a peak. */
    knee: fittedFigure.nullable(),
    /** The knee lies beyond the largest level that was measured: a forecast, not a finding. */
    extrapolated: z.boolean().exactOptional(),
    /** Root mean square of the relative residuals. */
    residual: z.number(),
    /** Points of the fitted curve, for drawing. */
    curve: z.array(z.object({ clients: z.number(), throughput: z.number() })),
  }),
  z.object({ kind: z.literal('no-fit'), server: z.string(), scenario: z.string(), why: z.string() }),
]);

/** Elapsed time that the architecture's analytic model makes of the scenario's floor, and where the measurement deviates. */
export type PredictedCurve = Immutable<z.infer<typeof modelCurve>>;
const modelCurve = z.object({
  server: z.string(),
  scenario: z.string(),
  points: z.array(z.object({ clients: z.number(), elapsedMs: z.number(), lost: z.number() })),
  /** Sentences that name where and how far the measurement is off. */
  deviations: z.array(z.string()),
});

/** One sentence of the verdict, made of figures and their intervals. */
export type VerdictSentence = Immutable<z.infer<typeof verdictSentence>>;
const verdictSentence = z.object({
  scenario: z.string(),
  server: z.string().exactOptional(),
  text: z.string(),
});

export type WarningCode = z.infer<typeof warningCode>;
const warningCode = z.enum([
  'few-trials',
  'generator-limited',
  'not-valid',
  'steal',
  'foreign-load',
  'backlog',
  'drift',
  'unstable',
  'unreadable',
  'file-limit',
  'governor',
  'failed-trials',
  'incomplete',
  'left-out',
  /** Sampling was slowed down: peaks between two samples are missed. */
  'sampling',
]);

/** What is doubtful about figures, why, and what to do about it. */
export type Warning = Immutable<z.infer<typeof warning>>;
const warning = z.object({
  code: warningCode,
  /** What was seen, with figures. */
  message: z.string(),
  /** What a reader can do about it. */
  advice: z.string(),
  /** The cells it is about; absent: the whole run. */
  cells: z.array(z.object({ server: z.string(), scenario: z.string(), clients: positive })).exactOptional(),
});

export type Summary = Immutable<z.infer<typeof summarySchema>>;
export const summarySchema = z.object({
  schema: version,
  runId: z.string(),
  metrics: z.array(metricDefinition),
  cells: z.array(cell),
  verdict: z.array(verdictSentence),
  warnings: z.array(warning),
  scaling: z.array(scalingFit),
  models: z.array(modelCurve),
  totals: trialCounts,
});
