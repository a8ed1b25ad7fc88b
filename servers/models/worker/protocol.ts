/** What a server's main process and its workers, threads or processes, say to each other. */
import type { Outcome } from '../../services/api/connection.ts';
import type { Counters } from '../../services/api/service.ts';
import type { StoreAnswer, StoreStep } from '../../services/api/store.ts';
import type { BusEnd } from '../bus/link.ts';
import type { ListenOn } from '../connection/sockets.ts';
import type { ServiceChoice } from '../model.ts';

/** Where a worker that accepts for itself counts, so that the counts outlive it. */
export type RowPlace =
  | { readonly in: 'memory'; readonly counts: Uint32Array }
  | { readonly in: 'file'; readonly fd: number; readonly offset: number };

/** What a worker is told that accepts for itself. */
export interface OwnAccept {
  /** The address, or the descriptor that it inherited; undefined where a listening socket comes by message. */
  readonly listenOn: ListenOn | undefined;
  readonly slots: number;
  readonly maxConnections: number;
  readonly row: RowPlace;
}

/** All that a worker is told when it starts. */
export interface WorkerSpec {
  readonly id: number;
  readonly service: ServiceChoice;
  readonly idleMs: number;
  /** Undefined where the main process accepts, and sends each connection. */
  readonly ownAccept: OwnAccept | undefined;
  /** Shared with all workers of the server, where they are threads. */
  readonly memory: SharedArrayBuffer | undefined;
  /** Set by whoever starts the worker, where the service needs a bus. */
  readonly bus?: BusEnd;
}

export type ToWorker =
  | { readonly type: 'serve'; readonly connection: number; readonly waitedMs: number }
  | { readonly type: 'listen' }
  /** What a question to the store came to. */
  | { readonly type: 'answer'; readonly call: number; readonly value: StoreAnswer }
  /** Finish what is being served up to the deadline, then exit. */
  | { readonly type: 'stop'; readonly drainMs: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  /** A question to the store. */
  | { readonly type: 'ask'; readonly call: number; readonly step: StoreStep }
  | { readonly type: 'ended'; readonly connection: number; readonly outcome: Outcome }
  | { readonly type: 'stopped'; readonly counters: Counters };
