/** A case of the conformance suite: one behaviour, checked of one variant through its command line only. */
import type { Variant } from '../../../servers/variant.ts';
import type { Server } from './server.ts';

/** A case that starts its own server, since the behaviour is about how it was started or how it ends. */
export interface Case {
  /** A sentence about the server. */
  readonly name: string;
  /** Why this variant has nothing to show here, or undefined when it applies. */
  readonly without?: (variant: Variant) => string | undefined;
  /** What shows it is the same code under every model, so that one of each kind stands for all. */
  readonly sameUnderEveryModel?: true;
  readonly run: (variant: Variant) => Promise<void>;
}

/** A case that leaves the server as it found it, so that all of them share one, which runs the echo service. */
export interface SharedCase {
  readonly name: string;
  /** Returns what the server must have counted of it. */
  readonly run: (server: Server, variant: Variant) => Promise<Partial<Counts>>;
}

export type Counts = Record<'served' | 'reset' | 'broken', number>;

/** Serves one connection a worker, so that the size of its pool or its limit is what it serves at once. */
export function oneAtOnce(variant: Variant): boolean {
  return variant.slots !== 'unbounded' && !variant.eventLoop;
}

/** Options under which exactly so many connections are served at once, for variants that can be so bounded. */
export function serving(variant: Variant, count: number): { workers?: number; limit?: number } {
  return variant.perConnection ? { limit: count } : variant.pool ? { workers: count } : {};
}
