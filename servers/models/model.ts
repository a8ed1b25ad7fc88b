/** What a model is: how connections are scheduled. A model knows no protocol; it hands each connection to a service. */
import type { Numbers } from '../command-line.ts';
import type { ParameterValue } from '../services/api/parameters.ts';
import type { Counters } from '../services/api/service.ts';
import type { Needs } from '../services/registry.ts';
import type { Tally } from './pool/tally.ts';

/** A service as it travels to workers: the URL of its module, their program, and its parameters as JSON. */
export interface ServiceChoice {
  readonly module: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly needs: Needs;
  /** Path of the program that its workers run; empty where the model has none. */
  readonly program: string;
  /** Folder of the server's own files; empty where the service needs none. */
  readonly folder: string;
}

/** The whole command line, checked and with its defaults filled in. */
export interface ServerConfig extends Numbers {
  readonly variant: string;
  readonly service: ServiceChoice;
  readonly host: string;
}

/** One row of the statistics: a place in the pool, whoever filled it. */
export interface WorkerRow {
  readonly id: number;
  /** The process that serves in this place now. */
  readonly pid: number;
  readonly served: number;
}

export interface FinalStats {
  readonly tally: Tally;
  readonly workers: readonly WorkerRow[];
  readonly service: Counters;
}

/** A server that serves. */
export interface Running {
  readonly port: number;
  /** Workers that serve: the size of the pool, 1 for a model that serves by itself, 0 for one worker a connection. */
  readonly workers: number;
  /** Stops accepting, lets connections finish up to the drain deadline, stops children, and adds up the counters. */
  stop(): Promise<FinalStats>;
  /** Ends every child at once. */
  kill(): void;
}
