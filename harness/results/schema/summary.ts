/** `summary.json`: one cell per server × scenario × clients, with its estimates, verdicts and warnings. */
import * as z from 'zod';
import { count, estimate, positive, version, type Immutable } from './leaves.ts';
import { metricDefinition } from './plan.ts';

/** Number of trials by outcome. */
const trialCounts = z.object({
  planned: count,
  completed: count,
  failed: count,
  aborted: count,
  /** Completed trials in which a validity check failed: counted and shown, never judged. */
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
  /** Why a metric that was to be measured is absent, by metric id; absent where none is. */
  absent: z.record(z.string(), z.string()).exactOptional(),
  /** `trial.index` of its trials, ascending: the order of execution. */
  trialIndices: z.array(count),
  /** No completed trial is valid: the metrics are those of invalid trials, shown but never judged. */
  invalidOnly: z.boolean().exactOptional(),
});

/** A fitted figure with the ends of its bootstrap interval. */
export type FittedFigure = Immutable<z.infer<typeof fittedFigure>>;
const fittedFigure = z.object({
  value: z.number(),
  /** null where the trials are too few for an interval. */
  low: z.number().nullable(),
  /** null where the trials are too few for an interval, or set no upper bound (there may be no knee). */
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
    /** Clients at which throughput is highest; null where it has no peak. */
    knee: fittedFigure.nullable(),
    /** The knee lies beyond the largest level measured: a forecast, not a finding. */
    extrapolated: z.boolean().exactOptional(),
    /** Root mean square of the relative residuals. */
    residual: z.number(),
    /** Points of the fitted curve, for drawing. */
    curve: z.array(z.object({ clients: z.number(), throughput: z.number() })),
  }),
  z.object({ kind: z.literal('no-fit'), server: z.string(), scenario: z.string(), why: z.string() }),
]);

/**
 * Elapsed time that the architecture's analytic model predicts from the scenario's floor, and the deviations from
 * it.
 */
export type PredictedCurve = Immutable<z.infer<typeof modelCurve>>;
const modelCurve = z.object({
  server: z.string(),
  scenario: z.string(),
  points: z.array(z.object({ clients: z.number(), elapsedMs: z.number(), lost: z.number() })),
  /** Sentences that say where and by how much the measurement deviates. */
  deviations: z.array(z.string()),
});

/** One sentence of the verdict. */
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
  /** Sampling slowed down, so that peaks between two samples are missed. */
  'sampling',
  /** CPU time of processes that left the server's tree may be missing. */
  'cpu-missing',
]);

/** A doubt about figures, its reason, and what to do about it. */
export type Warning = Immutable<z.infer<typeof warning>>;
const warning = z.object({
  code: warningCode,
  /** What was seen, with figures. */
  message: z.string(),
  /** What a reader can do about it. */
  advice: z.string(),
  /** The cells concerned; absent: the whole run. */
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
