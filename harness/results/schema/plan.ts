/**
 * `plan.json`: everything that will be measured, fully resolved before anything starts.
 *
 * It is pure data and holds no time, no run id and no port, so that the same request with the same seed gives the
 * same plan byte for byte. The metrics are defined in it too.
 */
import * as z from 'zod';
import { amount, count, positive, version, type Immutable } from './leaves.ts';

/** Units of metrics. Display formats (kB, s, %) are chosen by the reports. */
export type Unit = z.infer<typeof unit>;
const unit = z.enum(['ms', 'us', 'bytes', 'count', 'per-second', 'ratio']);

/** Percentiles and moments that every stored histogram carries. */
export type HistogramStatistic = z.infer<typeof histogramStatistic>;
const histogramStatistic = z.enum(['p50', 'p90', 'p99', 'p999', 'mean', 'max', 'min']);

const source = z.discriminatedUnion('from', [
  /** A figure of the trial itself; `harness/results/metrics.ts` knows how it is read. */
  z.object({ from: z.literal('trial') }),
  /** A counter that the scenario's clients increased, as it is or divided. */
  z.object({
    from: z.literal('counter'),
    name: z.string(),
    per: z.enum(['second', 'exchange', 'client']).exactOptional(),
  }),
  /** A statistic of a histogram that the scenario's clients recorded into. */
  z.object({ from: z.literal('histogram'), name: z.string(), statistic: histogramStatistic }),
]);

/** One metric, defined once for summary, verdict, report and docs. */
export type MetricDefinition = Immutable<z.infer<typeof metricDefinition>>;
export const metricDefinition = z.object({
  /** Unique in a run; scenario metrics are prefixed with nothing but must not collide with the trial's own. */
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

/** What is known of an architecture's capacity: how many clients it serves at once. */
export type AnalyticModel = Immutable<z.infer<typeof analyticModel>>;
const analyticModel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('iterative') }),
  z.object({ kind: z.literal('pool'), slots: positive }),
  z.object({ kind: z.literal('unbounded') }),
]);

/** The signal that asks a server to stop. */
export const stopSignal = z.enum(['SIGTERM', 'SIGINT']);

/** One server variant as it will be started. */
export type PlannedServer = Immutable<z.infer<typeof plannedServer>>;
const plannedServer = z.object({
  /** Unique in the plan; names the server everywhere. */
  name: z.string(),
  title: z.string(),
  /** `ts`, `c`, or `any` for a command of the user's. */
  language: z.string(),
  /** Name of the concurrency model, or `custom`. */
  model: z.string(),
  /** Which analytic model of elapsed time fits the architecture; absent where it is not known. */
  analytic: analyticModel.exactOptional(),
  /** For people: what it is started with, `{port}` and `{host}` still open. One command a scenario. */
  commands: z.record(z.string(), z.array(z.string())),
  /** It prints a ready line once every worker can serve (docs/servers/contract.md), and is waited for until then. */
  announces: z.boolean(),
  /** It listens on the address that `{host}` is filled with, so that clients may come over several (127.0.0.x). */
  spreads: z.boolean(),
  /** Processes that share its connections; absent where that is not known. */
  processes: positive.exactOptional(),
  stopSignal,
});

/** One parsed value of a scenario's parameter. */
export type ParameterValue = z.infer<typeof parameterValue>;
const parameterValue = z.union([z.number(), z.boolean(), z.string()]);

/** What a scenario has declared of itself, under the parameters of this plan. */
export type ScenarioTraits = Immutable<z.infer<typeof scenarioTraits>>;
const scenarioTraits = z.object({
  /** The parameter that sets how long it runs (a duration); absent where it ends when its clients are done. */
  timedBy: z.string().exactOptional(),
  /** Waiting period after which a client that nobody serves gives up, in ms; absent where it waits for ever. */
  patienceMs: amount.exactOptional(),
  /** The parameter that is the think time. */
  thinkBy: z.string().exactOptional(),
  /** Requests a second of all clients together; absent in a closed loop. */
  ratePerSecond: z.number().positive().exactOptional(),
});

/** One scenario with its parameters resolved. */
export type PlannedScenario = Immutable<z.infer<typeof plannedScenario>>;
export const plannedScenario = z.object({
  id: z.string(),
  title: z.string(),
  /** Module that defines it, for generators in other processes: `builtin:<id>` or a file's absolute path. */
  module: z.string(),
  parameters: z.record(z.string(), parameterValue),
  /** The floor of the elapsed time, in ms. */
  idealMs: amount,
  warmupMs: amount,
  /** Every client holds its connection until the end: a trial is valid only if all were held at once. */
  holds: z.boolean(),
  /** Absent in plans that were recorded before scenarios declared them. */
  traits: scenarioTraits.exactOptional(),
  headline: z.string(),
  metrics: z.array(metricDefinition),
});

/** One row of the plan: one server, one scenario, one client count, one repetition. */
export type Trial = Immutable<z.infer<typeof trial>>;
export const trial = z.object({
  /** Position in the order of the run, from 0. */
  index: count,
  server: z.string(),
  scenario: z.string(),
  clients: positive,
  /** 1 … trials. */
  repetition: positive,
  /** Seed of this trial's clients, a 32-bit unsigned integer. */
  seed: count,
  /** The trial fails when its load lasts longer, in ms. */
  deadlineMs: amount,
});

/** Adds trials to a cell until its headline interval is narrow enough. */
export type PrecisionRule = Immutable<z.infer<typeof precisionRule>>;
const precisionRule = z.object({
  /** Wanted half-width of the headline's interval relative to its median, e.g. 0.05. */
  relative: z.number().positive(),
  /** No cell gets more trials than this. */
  maxTrials: positive,
});

/** Everything that will be measured. */
export type Plan = Immutable<z.infer<typeof planSchema>>;
export const planSchema = z.object({
  schema: version,
  /** Seed of the order and of every trial: a 32-bit unsigned integer. */
  seed: count,
  servers: z.array(plannedServer),
  scenarios: z.array(plannedScenario),
  /** Client counts, ascending. */
  clients: z.array(positive),
  trialsPerCell: positive,
  /** Starts of the clients are spread evenly over so many ms; 0: all at once. */
  rampMs: amount,
  /** Rows in the order in which they will run. */
  trials: z.array(trial),
  /** More trials for cells whose interval is wide, by a rule fixed here before the run; absent where not asked for. */
  precision: precisionRule.exactOptional(),
});
