/**
 * `plan.json`: everything that will be measured, metrics included, fully resolved before anything starts.
 *
 * It holds no time, run id or port: the same request with the same seed gives the same plan byte for byte.
 */
import * as z from 'zod';
import { amount, count, positive, version, type Immutable } from './leaves.ts';

/** Units of metrics. Display formats (kB, s, %) are chosen by the reports. */
export type Unit = z.infer<typeof unit>;
const unit = z.enum(['ms', 'us', 'bytes', 'count', 'per-second', 'ratio']);

/** Statistics stored with every histogram. */
export type HistogramStatistic = z.infer<typeof histogramStatistic>;
const histogramStatistic = z.enum(['p50', 'p90', 'p99', 'p999', 'mean', 'max', 'min']);

const source = z.discriminatedUnion('from', [
  /** A figure of the trial itself, read by `harness/results/metrics.ts`. */
  z.object({ from: z.literal('trial') }),
  /** A counter of the scenario's clients, as it is or divided. */
  z.object({
    from: z.literal('counter'),
    name: z.string(),
    per: z.enum(['second', 'exchange', 'client']).exactOptional(),
  }),
  /** A statistic of a histogram that the scenario's clients recorded. */
  z.object({ from: z.literal('histogram'), name: z.string(), statistic: histogramStatistic }),
]);

/** The one definition of a metric, used by summary, verdict, report and docs. */
export type MetricDefinition = Immutable<z.infer<typeof metricDefinition>>;
export const metricDefinition = z.object({
  /** Unique in a run: a scenario's metrics have no prefix, and must not collide with those of every trial. */
  id: z.string(),
  /** A short name for tables and axes, without the unit. */
  title: z.string(),
  unit,
  /** Which way is better; `neutral` figures are shown and never judged. */
  direction: z.enum(['lower', 'higher', 'neutral']),
  /** One or two sentences: what it is and how it is measured. */
  description: z.string(),
  /** Where the metric's value in one trial comes from. */
  source,
});

/** An architecture's capacity: how many clients it serves at once. */
export type AnalyticModel = Immutable<z.infer<typeof analyticModel>>;
const analyticModel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('iterative') }),
  z.object({ kind: z.literal('pool'), slots: positive }),
  z.object({ kind: z.literal('unbounded') }),
]);

/** The signal that asks a server to stop. */
export const stopSignal = z.enum(['SIGTERM', 'SIGINT']);

/** A server variant as it will be started. */
export type PlannedServer = Immutable<z.infer<typeof plannedServer>>;
const plannedServer = z.object({
  /** Unique in the plan; names the server everywhere. */
  name: z.string(),
  title: z.string(),
  /** `ts`, `c`, or `any` for a command of the user's. */
  language: z.string(),
  /** Name of the concurrency model, or `custom`. */
  model: z.string(),
  /** Analytic model of elapsed time; absent where it is unknown. */
  analytic: analyticModel.exactOptional(),
  /** For display: the command for each scenario, with `{port}` and `{host}` not yet filled in. */
  commands: z.record(z.string(), z.array(z.string())),
  /** It prints a ready line once every worker can serve (docs/servers/contract.md); the harness waits for it. */
  announces: z.boolean(),
  /** Processes that share its connections; absent where unknown. */
  processes: positive.exactOptional(),
  stopSignal,
});

/** One parsed value of a scenario's parameter. */
export type ParameterValue = z.infer<typeof parameterValue>;
const parameterValue = z.union([z.number(), z.boolean(), z.string()]);

/** What a scenario declares of itself under the parameters of this plan. */
export type ScenarioTraits = Immutable<z.infer<typeof scenarioTraits>>;
const scenarioTraits = z.object({
  /** Parameter that sets its duration; absent where it ends when its clients are done. */
  timedBy: z.string().exactOptional(),
  /** Time after which a client without an answer gives up, in ms; absent where it waits for ever. */
  patienceMs: amount.exactOptional(),
  /** Parameter that sets the think time. */
  thinkBy: z.string().exactOptional(),
  /** Requests per second over all clients; absent in a closed loop. */
  ratePerSecond: z.number().positive().exactOptional(),
  /** A server can be loaded only once, because its clients check what it has served; absent where it can be again. */
  once: z.literal(true).exactOptional(),
});

/** How long a server is loaded before it counts as warm: for a time, or until so many sessions are over. */
export type WarmedBy = Immutable<z.infer<typeof warmedBy>>;
const warmedBy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('time'), ms: z.number().positive() }),
  z.object({ kind: z.literal('sessions'), sessions: positive }),
]);

/** One scenario with its parameters resolved. */
export type PlannedScenario = Immutable<z.infer<typeof plannedScenario>>;
export const plannedScenario = z.object({
  id: z.string(),
  title: z.string(),
  /** Module that defines it, for generators in other processes: `builtin:<id>` or a file's absolute path. */
  module: z.string(),
  parameters: z.record(z.string(), parameterValue),
  /** Lower bound of the elapsed time, in ms. */
  idealMs: amount,
  warmupMs: amount,
  /** Load that each server has before its measured load. Absent: it is measured cold, that is, freshly started. */
  warmedBy: warmedBy.exactOptional(),
  /** Every client holds its connection to the end: a trial is valid only if all were open at once. */
  holds: z.boolean(),
  /** Absent in plans of versions without traits. */
  traits: scenarioTraits.exactOptional(),
  headline: z.string(),
  metrics: z.array(metricDefinition),
});

/** One row of the plan: server, scenario, client count and repetition. */
export type Trial = Immutable<z.infer<typeof trial>>;
export const trial = z.object({
  /** Position in the order of the run, from 0. */
  index: count,
  server: z.string(),
  scenario: z.string(),
  clients: positive,
  /** From 1. */
  repetition: positive,
  /** Seed of this trial's clients, a 32-bit unsigned integer. */
  seed: count,
  /** Longest duration of the load, in ms; beyond it the trial fails. */
  deadlineMs: amount,
  /** After the measured load of a cold server, it is warmed up and the load is made once more; absent where not. */
  warmLoad: z.literal(true).exactOptional(),
});

/** Adds trials to a cell until its headline interval is narrow enough. */
export type PrecisionRule = Immutable<z.infer<typeof precisionRule>>;
const precisionRule = z.object({
  /** Target half-width of the headline's interval relative to its median, e.g. 0.05. */
  relative: z.number().positive(),
  /** Limit for each cell. */
  maxTrials: positive,
});

export type Plan = Immutable<z.infer<typeof planSchema>>;
export const planSchema = z.object({
  schema: version,
  /** Seed of the order and of every trial: a 32-bit unsigned integer. */
  seed: count,
  servers: z.array(plannedServer),
  /** Servers that nobody named and that cannot run the scenarios; absent where there are none. */
  leftOut: z.array(z.object({ server: z.string(), why: z.string() })).exactOptional(),
  scenarios: z.array(plannedScenario),
  /** Client counts, ascending. */
  clients: z.array(positive),
  trialsPerCell: positive,
  /** Client starts are spread evenly over this time, in ms; 0: all at once. */
  rampMs: amount,
  /** In the order of execution. */
  trials: z.array(trial),
  /** Rule for more trials in cells with a wide interval; absent where not asked for. */
  precision: precisionRule.exactOptional(),
});
