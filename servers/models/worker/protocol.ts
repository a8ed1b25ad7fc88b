/** The messages between a server's main process and its workers, threads or processes. */
import type { Outcome } from '../../services/api/connection.ts';
import type { Counters } from '../../services/api/service.ts';
import type { StoreAnswer, StoreStep } from '../../services/api/store.ts';
import type { BusEnd } from '../bus/link.ts';
import type { ListenOn } from '../connection/sockets.ts';
import type { ServiceChoice } from '../model.ts';

/** Where a worker that accepts for itself keeps its counts, which outlive it. */
export type RowPlace =
  | { readonly in: 'memory'; readonly counts: Uint32Array }
  | { readonly in: 'file'; readonly fd: number; readonly offset: number };

/** Settings of a worker that accepts for itself. */
export interface OwnAccept {
  /** The address or an inherited descriptor; undefined if a listening socket is sent by message. */
  readonly listenOn: ListenOn | undefined;
  readonly slots: number;
  readonly maxConnections: number;
  readonly row: RowPlace;
}

/** The settings passed to a worker at its start. */
export interface WorkerSpec {
  readonly id: number;
  readonly service: ServiceChoice;
  readonly idleMs: number;
  /** Undefined if the main process accepts and sends each connection. */
  readonly ownAccept: OwnAccept | undefined;
  /** Shared by all workers of the server, if they are threads. */
  readonly memory: SharedArrayBuffer | undefined;
  /** Set by whoever starts the worker, if the service needs a bus. */
  readonly bus?: BusEnd;
}

export type ToWorker =
  | { readonly type: 'serve'; readonly connection: number; readonly waitedMs: number }
  | { readonly type: 'listen' }
  /** The answer to a store request. */
  | { readonly type: 'answer'; readonly call: number; readonly value: StoreAnswer }
  /** Finish connections until the deadline, then exit. */
  | { readonly type: 'stop'; readonly drainMs: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  /** A store request. */
  | { readonly type: 'ask'; readonly call: number; readonly step: StoreStep }
  | { readonly type: 'ended'; readonly connection: number; readonly outcome: Outcome }
  | { readonly type: 'stopped'; readonly counters: Counters };
