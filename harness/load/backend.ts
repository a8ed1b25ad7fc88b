/** How load is made: one interface, and a shard of clients that runs the same behind each implementation of it. */
import type { ParameterValue } from '../results/schema/plan.ts';
import type { LoadResult } from '../results/schema/load.ts';
import type { ShardResult } from './accounts/counters.ts';
import type { Stopped } from './time/timeout.ts';

/** The load of one trial. */
export interface LoadSpec {
  /** `builtin:<id>` or the absolute path of a module whose default export is a Scenario. */
  readonly scenarioModule: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Address that the server is reached at. */
  readonly host: string;
  /**
   * Addresses of this machine that clients come from in turn (127.0.0.1, 127.0.0.2, …): each has client ports of its own.
   * Default: the kernel chooses.
   */
  readonly sources?: readonly string[];
  readonly port: number;
  readonly clients: number;
  readonly seed: number;
  /** The load is stopped when it lasts longer, in ms. */
  readonly deadlineMs: number;
  /** Exchanges in the first ms of the trial are made but not recorded. */
  readonly warmupMs: number;
  /** Starts of the clients are spread evenly over so many ms. Default 0: all at once. */
  readonly rampMs?: number;
  /** Where clients may keep files. */
  readonly folder: string;
}

/** How the load stands while it runs. */
export interface LoadSnapshot {
  /** ms since the common start. */
  readonly atMs: number;
  readonly established: number;
  readonly completed: number;
  readonly clientsDone: number;
}

/** Generators that are ready to start. Disposing it ends every process that it started. */
export interface Fleet extends AsyncDisposable {
  /** Pids of the generators, for accounting. */
  readonly pids: readonly number[];
  /** Loads the scenario and makes everything that is not to be measured. */
  prepare(): Promise<void>;
  /**
   * Starts all clients at one instant and resolves when the last is done, or rejects when a generator is lost. Once.
   * `signal` stops the load early: the result then carries what was seen.
   */
  run(signal: AbortSignal, onSnapshot?: (snapshot: LoadSnapshot) => void): Promise<LoadResult>;
}

/** Where fleets come from. Disposing it ends the generators that it keeps. */
export interface LoadBackend extends AsyncDisposable {
  /** @throws UnfitError where generators cannot be started */
  acquire(spec: LoadSpec, signal: AbortSignal): Promise<Fleet>;
}

/** The clients of one generator: indices `from` to `to` − 1. */
export interface ShardSpec {
  readonly load: LoadSpec;
  readonly from: number;
  readonly to: number;
}

/** What makes the load of one generator: our own clients, or a load tool that a scenario names in their place. */
export interface ShardRunner extends Disposable {
  /** Starts the load at `startMs` of the machine's monotonic clock and resolves when it is over. Once. */
  run(startMs: number): Promise<ShardResult>;
  /** Ends the load early; what was seen is in its result. */
  stop(reason: Stopped['reason']): void;
  snapshot(): LoadSnapshot;
}
