/** `summary.json`: one cell per server × scenario × clients, with its estimates, verdicts and warnings. */
import * as z from 'zod';
import { amount, count, estimate, positive, version, type Immutable } from './leaves.ts';
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
  /**
   * Most connections that a trial held at once, each proven by an answer, over completed trials; null without one. All
   * clients were held only where `min` is their number.
   */
  heldAtOnce: z.object({ min: count, median: amount, max: count }).nullable(),
  /** Connection attempts and exchanges begun, summed over completed trials: what the errors are a share of. */
  attempts: z.object({ connects: count, exchanges: count }),
  /** Errors of connects and exchanges by kind, summed over completed trials. */
  errors: z.record(z.string(), count),
  /** The first message of each kind of error. */
  firstErrors: z.array(z.object({ kind: z.string(), message: z.string() })),
  /** The checks that completed trials failed, most trials first, each with what the first of them said. */
  notValid: z.array(z.object({ check: z.string(), trials: positive, message: z.string() })),
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

/** Why a server takes no part in the order at a number of clients. The first that holds is given. */
export type WhyNotCompared = z.infer<typeof whyNotCompared>;
const whyNotCompared = z.enum([
  /** A trial failed. */
  'failed-trials',
  'lost-clients',
  'failed-clients',
  /** An exchange or a connection failed, though every client was served in the end. */
  'errors',
  /** No completed trial is valid, or none was completed. */
  'not-valid',
  /** No valid trial carries the metric. */
  'not-measured',
  /** A single valid trial, where others have more. */
  'single-trial',
  /** A trial of this or another server there is 0 or below: there is no ratio to compare. */
  'not-above-zero',
]);

/** From which ratio of two medians on trials tell them apart, above 1; that of the middle pair of servers. */
const detectable = z.object({ trials: count, ratio: z.number() });

/**
 * The order of the servers at one number of clients. Each server with a cell there is in one of the lists. `best`,
 * `behind` and `unplaced` go by median, best first.
 */
export type Standing = Immutable<z.infer<typeof standing>>;
const standing = z.object({
  clients: positive,
  /** The best median, and those next to it that cannot be told from it. */
  best: z.array(z.string()),
  /** Told from the best median. */
  behind: z.array(z.string()),
  /** Not told from the best median, although a server with a better median is: their trials scatter too much. */
  unplaced: z.array(z.string()),
  notCompared: z.array(z.object({ server: z.string(), why: whyNotCompared })),
  /** What so many trials can tell, and how many would tell half of it; null where nothing was compared. */
  resolution: detectable.extend({ more: detectable.nullable() }).nullable(),
});

/** The order of the servers by one metric. All standings of a run are one decision, false anywhere in at most 5 % of runs. */
export type Standings = Immutable<z.infer<typeof standings>>;
const standings = z.object({
  scenario: z.string(),
  /** Id of the metric. */
  metric: z.string(),
  /** By number of clients, ascending. */
  levels: z.array(standing),
  /**
   * All levels together: the order of the geometric means, among the servers that are compared at every level with a
   * contest; null with fewer than two levels or two such servers.
   */
  overall: z
    .object({
      /** Number of levels. */
      levels: positive,
      best: z.array(z.string()),
      behind: z.array(z.string()),
      unplaced: z.array(z.string()),
      /** Of every server to the best: geometric mean of the ratios of their medians; above 1 for worse. */
      ratios: z.record(z.string(), z.number()),
      /** From which ratio on two servers are told apart; that of the middle pair. */
      ratio: z.number(),
    })
    .nullable(),
  /** Pairs of servers that are told apart at two numbers of clients, the other way round. */
  overtakings: z.array(
    z.object({
      server: z.string(),
      by: z.string(),
      /** The last number of clients at which `server`, and the first at which `by` is told to be better. */
      after: positive,
      before: positive,
      /** Number of clients at which lines between the medians meet, on logarithmic axes. */
      near: z.number(),
    }),
  ),
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
  /** Not one exchange was completed in the whole run. */
  'nothing-completed',
  /** Exchanges ended by an error. */
  'failed-exchanges',
  /** Connections that the server closed, as it had announced, and that were made again. */
  'reconnected',
  'incomplete',
  'left-out',
  /** Sampling slowed down, so that peaks between two samples are missed. */
  'sampling',
  /** CPU time of ended threads and processes may be missing. */
  'cpu-missing',
  /** A figure was looked for and is smaller than what can be measured, or was not read in time. */
  'not-resolved',
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
  /** By the headline of each scenario, and by what its servers cost. */
  standings: z.array(standings),
  verdict: z.array(verdictSentence),
  warnings: z.array(warning),
  scaling: z.array(scalingFit),
  models: z.array(modelCurve),
  totals: trialCounts,
});
