/** A case of the conformance suite: one behaviour, checked of one variant through its command line only. */
import type { ServiceName } from '../../../servers/services/registry.ts';
import type { Variant } from '../../../servers/variant.ts';

export interface Case {
  /** A sentence about the server. */
  readonly name: string;
  /** Why this variant has nothing to show here, or undefined when it applies. */
  readonly without?: (variant: Variant) => string | undefined;
  readonly run: (variant: Variant, service: ServiceName) => Promise<void>;
}

/** Serves one connection a worker, so that the size of its pool or its limit is what it serves at once. */
export function oneAtOnce(variant: Variant): boolean {
  return variant.capabilities.slots !== 'unbounded' && !variant.eventLoop;
}

/** Options under which exactly so many connections are served at once, for variants that can be so bounded. */
export function serving(variant: Variant, count: number): { workers?: number; limit?: number } {
  return variant.perConnection ? { limit: count } : variant.pool ? { workers: count } : {};
}
