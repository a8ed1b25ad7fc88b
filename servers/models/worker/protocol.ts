/** What a server's main process and its workers, threads or processes, say to each other. */
import type { Outcome } from '../../services/api/connection.ts';
import type { Counters } from '../../services/api/service.ts';
import type { StoreAnswer, StoreOperation } from '../../services/api/store.ts';
import type { BusEnd } from '../bus/link.ts';
import type { ServiceChoice } from '../model.ts';

/** Where a worker gets its connections from. */
export type Source =
  /** The main process accepts, and sends each connection. */
  | { readonly from: 'parent' }
  /** A copy of the listening socket that the worker inherited. */
  | { readonly from: 'descriptor'; readonly fd: number; readonly backlog: number }
  /** A copy of the listening socket that comes by message. */
  | { readonly from: 'transfer' }
  /** An address that the worker listens on; the kernel, or node:cluster, spreads connections. */
  | {
      readonly from: 'address';
      readonly host: string;
      readonly port: number;
      readonly backlog: number;
      readonly reusePort: boolean;
    };

/** Where a worker that accepts for itself writes its accounts. */
export type Books =
  | { readonly in: 'memory'; readonly counts: Uint32Array }
  | { readonly in: 'file'; readonly fd: number; readonly offset: number };

/** All that a worker is told when it starts. */
export interface WorkerSpec {
  readonly id: number;
  readonly service: ServiceChoice;
  readonly source: Source;
  readonly idleMs: number;
  /** The two bounds of a worker that accepts for itself. */
  readonly slots: number;
  readonly maxConnections: number;
  readonly books?: Books;
  /** Shared with all workers of the server, where they are threads. */
  readonly memory?: SharedArrayBuffer;
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
  | { readonly type: 'ask'; readonly call: number; readonly operation: StoreOperation }
  | { readonly type: 'ended'; readonly connection: number; readonly outcome: Outcome }
  | { readonly type: 'stopped'; readonly counters: Counters };
