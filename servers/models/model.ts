/** A model schedules connections. It knows no protocol; it passes each connection to a service. */
import type { Numbers } from '../command-line.ts';
import type { ParameterValue } from '../services/api/parameters.ts';
import type { Counters } from '../services/api/service.ts';
import type { Needs } from '../services/registry.ts';
import type { Tally } from './pool/tally.ts';

/** A service as passed to workers: the URL of its module, their program, and its parameters as JSON. */
export interface ServiceChoice {
  readonly module: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly needs: Needs;
  /** Path of the workers' program; empty for models without workers. */
  readonly program: string;
  /** Folder of the server's own files; empty if the service needs none. */
  readonly folder: string;
}

/** The whole command line, checked, with defaults. */
export interface ServerConfig extends Numbers {
  readonly variant: string;
  readonly service: ServiceChoice;
  readonly host: string;
}

/** One row of the statistics: a place in the pool, whichever worker fills it. */
export interface WorkerRow {
  readonly id: number;
  /** The process now in this place. */
  readonly pid: number;
  readonly served: number;
}

export interface FinalStats {
  readonly tally: Tally;
  readonly workers: readonly WorkerRow[];
  readonly service: Counters;
}

/** A running server. */
export interface Running {
  readonly port: number;
  /** Number of workers: the size of the pool, 1 for a model without workers, 0 for a worker per connection. */
  readonly workers: number;
  /** Stops accepting, lets connections finish until the drain deadline, stops children, and adds up the counters. */
  stop(): Promise<FinalStats>;
  /** Kills every child at once. */
  kill(): void;
}
