/**
 * What a service is: the work done on one connection. A service knows a protocol and no scheduling; the models
 * (servers/models/) know scheduling and no protocol, so every service runs under every model that meets its needs.
 */
import type { CommandOptions } from '../../command-line.ts';
import type { Bus } from './bus.ts';
import type { Connection, Ending } from './connection.ts';
import type { ParameterTable, ParameterValue, ParameterValues } from './parameters.ts';
import type { Store } from './store.ts';

/** What a service counts itself; the figures of all workers are added up and printed with the statistics. */
export type Counters = Readonly<Record<string, number>>;

/** Where the service runs. */
export interface Context {
  /** Number of the worker, from 0; a per-connection model numbers on with every connection. */
  readonly worker: number;
  /** What all workers of the server share. */
  readonly store: Store;
  /** Memory that all workers of the server share, zeroed; undefined where they are processes. */
  readonly memory: SharedArrayBuffer | undefined;
  /** The server lives on when this worker dies. */
  readonly expendable: boolean;
  /** Joins the workers, for services that declare the need; without, nobody else hears of anything. */
  readonly bus: Bus;
  /** Folder for files that all workers share, for services that declare the need; it goes with the server. */
  readonly folder: string;
}

/** Why a connection is turned away: no worker within the waiting period, or a limit is reached. */
export type TurnAwayReason = 'patience' | 'limit';

/** One worker's instance of a service. */
export interface Service {
  readonly counters: Counters;
  /**
   * Serves one connection to its end.
   *
   * @throws what `connection.receive` throws, or anything else when the service itself fails; both end the connection
   */
  serve(connection: Connection): Promise<Ending>;
}

/** How the server was started. */
export interface Setting {
  readonly variant: string;
  /** Its command line but for port and service. */
  readonly options: Omit<CommandOptions, 'service' | 'port' | 'set'>;
}

/** Other servers that the main process runs for its service. */
export interface CompanionServers {
  /** The parameters that workers get. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The server listens there; what waits for it is to be ready when this resolves. */
  listening(address: { readonly host: string; readonly port: number }): Promise<void>;
  /** The server has stopped. */
  stop(drainMs: number): Promise<void>;
  /** Ends at once whatever was started. */
  kill(): void;
}

/** What a service module exports as `service`. It travels to workers as its URL and its parameters as JSON. */
export interface ServiceModule<P extends ParameterTable = ParameterTable> {
  readonly parameters: P;
  create(parameters: ParameterValues<P>, context: Context): Service;
  /** For a service that is more than one server: called once, in the main process, before anything is served. */
  startCompanions?(parameters: ParameterValues<P>, setting: Setting): Promise<CompanionServers>;
  /** The last bytes for a client that is turned away; undefined where closing says enough. */
  turnAway?(parameters: ParameterValues<P>, reason: TurnAwayReason): Uint8Array | undefined;
}
