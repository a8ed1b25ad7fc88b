/** What a scenario is: what one client does, its parameters, its own metrics, and which service answers it. */
import type { Client } from './client.ts';
import type { ParameterNameOf, ParameterTable, ParameterValues } from './parameter.ts';
import type { MetricDefinition } from '../results/schema/plan.ts';

/** Options that every server of ours takes: docs/servers/contract.md. What is left out has its default. */
export interface ServerOptions {
  readonly workers?: number;
  readonly slots?: number;
  readonly limit?: number;
  readonly backlog?: number;
  readonly patienceMs?: number;
}

/** Functions are written as methods, so that a list of scenarios with different parameters has one type. */
interface ScenarioFrame<T extends ParameterTable> {
  /** Short, lower case; names it on the command line. */
  readonly id: string;
  readonly title: string;
  /** The question that it answers, in one sentence: `holdfast list` prints it. */
  readonly question: string;
  /** The service that a server of ours is started with. Anybody's own server is started as its command says. */
  readonly service: string;
  readonly parameters: T;
  /** `--set` options of the service that follow from the scenario's parameters. */
  serviceSettings?(values: ParameterValues<T>): Readonly<Record<string, string>>;
  /** Options of a server of ours that follow from the parameters. */
  serverOptions?(values: ParameterValues<T>): ServerOptions;
  /** Metrics of its own, beyond those of every trial. */
  readonly metrics: readonly MetricDefinition[];
  /** Id of the metric that is drawn first and decides the verdict sentence. */
  readonly headline: string;
  /**
   * The floor of the elapsed time: how long one client takes by itself with a server that answers at once, in ms.
   * For a scenario that runs for a set time, that time.
   */
  idealMs(values: ParameterValues<T>): number;
  /**
   * Part of the elapsed time, from the start, that is warm-up: exchanges sent in it are made but not recorded, in ms.
   * Default 0.
   */
  warmupMs?(values: ParameterValues<T>): number;
  /**
   * End of the measured part, in ms after the start, for a scenario that runs for a set time: what clients do after it
   * (finish the exchange under way, close) is no longer measured. Default: when the last client is done.
   */
  measuredUntilMs?(values: ParameterValues<T>): number;
  /** True where every client holds its connection until the end: a trial is valid only if all were held at once. */
  readonly holds?: boolean;
  /** True where clients check what the server has served in all its life, so that it can be loaded only once. */
  readonly once?: boolean;
  /**
   * Counters of wrong answers: with a server that does what it is asked all of them are 0, and a trial in which one is
   * not is not valid. Wrong answers to a single exchange are told by `onReply`.
   */
  readonly faults?: readonly string[];
  /** The parameter that sets how long the clients go on, for a scenario that runs for a set time. */
  readonly timedBy?: ParameterNameOf<T, 'duration'>;
  /** The parameter that is the waiting period: a client that nobody has served by then gives up and is lost. */
  readonly patienceBy?: ParameterNameOf<T, 'duration'>;
  /** The parameter that is the think time. */
  readonly thinkBy?: ParameterNameOf<T, 'think'>;
  /** The parameter that is the rate of all clients together, for a scenario that can be paced; 0: closed loop. */
  readonly pacedBy?: ParameterNameOf<T, 'rate'>;
  /** No trial of this scenario lasts longer, in ms; then its clients are stopped and counted as failed (deadline). */
  deadlineMs(values: ParameterValues<T>, clients: number): number;
}

/** A scenario that says what each of our synthetic clients does. */
export interface ClientScenario<T extends ParameterTable = ParameterTable> extends ScenarioFrame<T> {
  /** One client from its connect to its close. Throw LostClient to give up within the rules. */
  client(client: Client, values: ParameterValues<T>): Promise<void>;
  /** False where the clients have to start at the same instant, so that `--ramp` is refused. Default true. */
  readonly ramps?: boolean;
  readonly http?: undefined;
}

/** A scenario whose load an HTTP load tool makes. */
export interface HttpScenario<T extends ParameterTable = ParameterTable> extends ScenarioFrame<T> {
  /** What the tool is told. */
  http(values: ParameterValues<T>): HttpLoad;
  /** The tool opens all connections at once. */
  readonly ramps?: false;
  readonly client?: undefined;
}

export type Scenario<T extends ParameterTable = ParameterTable> = ClientScenario<T> | HttpScenario<T>;

/** Requests over as many held connections as there are clients, each sent as soon as the last is answered. */
export interface HttpLoad {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly body?: string;
  /** The body that has to come back; any other is a `mismatch`. Undefined: any body may. */
  readonly expectBody?: string;
  /** Requests under way on one connection at once. */
  readonly pipelining: number;
  /** How long requests are sent, in ms; the tool ends at a whole second. */
  readonly durationMs: number;
  /** Requests a second of all connections together; undefined: as many as are answered. */
  readonly ratePerSecond?: number;
  /** A connection without an answer for so long is given up, in ms. */
  readonly timeoutMs: number;
}

/** Ties the types of a scenario's parameters to its functions; otherwise returns its argument unchanged. */
export function defineScenario<const T extends ParameterTable>(
  scenario: ClientScenario<T>,
): ClientScenario<T>;
export function defineScenario<const T extends ParameterTable>(scenario: HttpScenario<T>): HttpScenario<T>;
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
