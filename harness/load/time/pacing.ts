/** When the requests of an open loop are meant to be sent, and when clients start. */
import type { ArrivalKind } from '../../scenario/client.ts';

/** The intended time of the next send, given that of the previous one; both in ms. */
export type Arrivals = (previousMs: number) => number;

/** One client among those that carry a rate together. */
export interface Carrier {
  readonly index: number;
  readonly clients: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/**
 * The schedule of one of `clients` connections that carry a rate between them.
 *
 * Constant: each connection sends every clients/rate seconds, out of step with the others, so that together they are
 * evenly spaced. Poisson: each connection draws exponential gaps of the same mean; the superposition of independent
 * Poisson processes is a Poisson process of the summed rate.
 *
 * @param ratePerSecond of all clients together, > 0
 * @param originMs common start, from which the phases of a constant rate count
 * @param fromMs no send is intended earlier
 */
export function arrivalsOf(
  kind: ArrivalKind,
  ratePerSecond: number,
  carrier: Carrier,
  originMs: number,
  fromMs: number,
): { readonly firstMs: number; readonly next: Arrivals } {
  const gapMs = (1000 * carrier.clients) / ratePerSecond;
  switch (kind) {
    case 'constant': {
      const phaseMs = originMs + (gapMs * (carrier.index + 0.5)) / carrier.clients;
      const passed = Math.max(0, Math.ceil((fromMs - phaseMs) / gapMs));
      return { firstMs: phaseMs + passed * gapMs, next: (previousMs) => previousMs + gapMs };
    }
    case 'poisson': {
      // 1 − u lies in (0, 1], so that the logarithm is finite.
      const next: Arrivals = (previousMs) => previousMs - gapMs * Math.log(1 - carrier.random());
      return { firstMs: next(fromMs), next };
    }
  }
}

/** When client `index` starts, in ms after the common start, where starts are spread over a ramp. */
export function rampStartMs(index: number, clients: number, rampMs: number): number {
  return (rampMs * index) / clients;
}
