/** The elapsed time that an architecture allows, as far as arithmetic alone can tell. */
import type { AnalyticModel } from '../../results/schema/plan.ts';

/** Clients that all arrive at the start, as in the session scenario. */
export interface Arrivals {
  readonly clients: number;
  /** S: how long one client holds its connection once served, think times included, in ms; above 0. */
  readonly heldMs: number;
  /** Waiting period after which an unserved client leaves, in ms; Infinity: never. */
  readonly patienceMs: number;
}

export interface Expected {
  /** From the common start until the last client is done, in ms. */
  readonly elapsedMs: number;
  /** Clients that left because none of the slots came free within their waiting period. */
  readonly lost: number;
}

/**
 * What the architecture alone makes of N clients that come at once: N·S one at a time, ⌈N/k⌉·S with k slots (the
 * makespan of equal jobs), S for all at once. Whatever is measured above that is the price of the implementation.
 *
 * With k slots, clients are served in waves, the j-th (from 0) after j·S; a client whose wave starts after its
 * waiting period is lost, so that k·(⌊patience/S⌋ + 1) can be served.
 *
 * @throws RangeError for a number of clients or slots that is not a whole number above 0, or a held time not above 0
 */
export function expectedElapsed(architecture: AnalyticModel, arrivals: Arrivals): Expected {
  const { clients, heldMs, patienceMs } = arrivals;
  if (!Number.isInteger(clients) || clients < 1)
    throw new RangeError(`clients must be 1 or more, not ${clients}`);
  if (!(heldMs > 0)) throw new RangeError(`the held time must be above 0 ms, not ${heldMs}`);
  const slots = capacityOf(architecture, clients);
  const waves = Math.min(Math.ceil(clients / slots), Math.floor(patienceMs / heldMs) + 1);
  return { elapsedMs: waves * heldMs, lost: clients - Math.min(clients, waves * slots) };
}

/** Connections served at once. */
function capacityOf(architecture: AnalyticModel, clients: number): number {
  if (architecture.kind === 'iterative') return 1;
  if (architecture.kind === 'unbounded') return clients;
  const { slots } = architecture;
  if (!Number.isInteger(slots) || slots < 1) throw new RangeError(`slots must be 1 or more, not ${slots}`);
  return slots;
}
