/**
 * The plan: everything that will be measured, fully resolved before anything starts.
 *
 * It is pure data and holds no time, no run id and no port, so that the same request with the same seed gives the
 * same plan byte for byte.
 */
import type { MetricDefinition } from '../scenario/metric.ts';
import type { ParameterValue } from '../scenario/parameter.ts';

/** One server variant as it will be started. */
export interface PlannedServer {
  /** Unique in the plan; names the server everywhere. */
  readonly name: string;
  readonly title: string;
  /** `ts`, `c`, or `any` for a command of the user's. */
  readonly language: string;
  /** Name of the concurrency model, or `custom`. */
  readonly model: string;
  /** Which analytic model of elapsed time fits the architecture; undefined where it is not known. */
  readonly analytic?: AnalyticModel;
  /** For people: what it is started with, `{port}` and `{host}` still open. One command a scenario. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** It prints a ready line once every worker can serve (docs/servers/contract.md), and is waited for until then. */
  readonly announces: boolean;
  /** It listens on the address that `{host}` is filled with, so that clients may come over several (127.0.0.x). */
  readonly spreads: boolean;
  /** Processes that share its connections; absent where that is not known. */
  readonly processes?: number;
  /** Signal that asks it to stop. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

/** What is known of an architecture's capacity: how many clients it serves at once. */
export type AnalyticModel =
  | { readonly kind: 'iterative' }
  | { readonly kind: 'pool'; readonly slots: number }
  | { readonly kind: 'unbounded' };

/** One scenario with its parameters resolved. */
export interface PlannedScenario {
  readonly id: string;
  readonly title: string;
  /** Module that defines it, for generators in other processes: `builtin:<id>` or a file's absolute path. */
  readonly module: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The floor of the elapsed time, in ms. */
  readonly idealMs: number;
  readonly warmupMs: number;
  /** Every client holds its connection until the end: a trial is valid only if all were held at once. */
  readonly holds: boolean;
  /** Absent in plans that were recorded before scenarios declared them. */
  readonly traits?: ScenarioTraits;
  readonly headline: string;
  readonly metrics: readonly MetricDefinition[];
}

/** What a scenario has declared of itself, under the parameters of this plan. */
export interface ScenarioTraits {
  /** The parameter that sets how long it runs (a duration); absent where it ends when its clients are done. */
  readonly timedBy?: string;
  /** Waiting period after which a client that nobody serves gives up, in ms; absent where it waits for ever. */
  readonly patienceMs?: number;
  /** The parameter that is the think time. */
  readonly thinkBy?: string;
  /** Requests a second of all clients together; absent in a closed loop. */
  readonly ratePerSecond?: number;
}

/** One row of the plan: one server, one scenario, one client count, one repetition. */
export interface Trial {
  /** Position in the order of the run, from 0. */
  readonly index: number;
  readonly server: string;
  readonly scenario: string;
  readonly clients: number;
  /** 1 … trials. */
  readonly repetition: number;
  /** Seed of this trial's clients, a 32-bit unsigned integer. */
  readonly seed: number;
  /** The trial fails when its load lasts longer, in ms. */
  readonly deadlineMs: number;
}

/** Everything that will be measured. */
export interface Plan {
  readonly schema: 1;
  /** Seed of the order and of every trial: a 32-bit unsigned integer. */
  readonly seed: number;
  readonly servers: readonly PlannedServer[];
  readonly scenarios: readonly PlannedScenario[];
  /** Client counts, ascending. */
  readonly clients: readonly number[];
  readonly trialsPerCell: number;
  /** Starts of the clients are spread evenly over so many ms; 0: all at once. */
  readonly rampMs: number;
  /** Rows in the order in which they will run. */
  readonly trials: readonly Trial[];
  /** More trials for cells whose interval is wide, by a rule fixed here before the run; absent where not asked for. */
  readonly precision?: PrecisionRule;
}

/** Adds trials to a cell until its headline interval is narrow enough. */
export interface PrecisionRule {
  /** Wanted half-width of the headline's interval relative to its median, e.g. 0.05. */
  readonly relative: number;
  /** No cell gets more trials than this. */
  readonly maxTrials: number;
}
