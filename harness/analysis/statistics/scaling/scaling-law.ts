import { nonNegativeLeastSquares } from '../estimators/least-squares.ts';

/** Throughput of every trial at one number of clients. */
export interface ThroughputLevel {
  readonly clients: number;
  /** Completed exchanges per second, one figure per trial; at least one. */
  readonly throughputs: readonly number[];
}

export interface Peak {
  /** N*, in clients (not rounded). */
  readonly clients: number;
  /** N* lies beyond the largest level measured: a forecast, not a finding. */
  readonly extrapolated: boolean;
}

/** X(N) = γN / (1 + α(N − 1) + βN(N − 1)). */
export interface ScalingFit {
  readonly kind: 'fit';
  /** Contention: the serial share of the work. */
  readonly alpha: number;
  /** Coherency: the cost of each client to every other. */
  readonly beta: number;
  /** Throughput of one client, in exchanges per second. */
  readonly gamma: number;
  /** null where throughput never falls, or falls from the first client on. */
  readonly peak: Peak | null;
  /** Root mean square of the relative deviations of the levels' geometric means from the curve (0.05: 5 %). */
  readonly residual: number;
  predict(clients: number): number;
}

/** Why the law was not fitted. */
export type NoScalingFit = { readonly kind: 'no-fit' } & (
  | { readonly reason: 'few-levels'; readonly levels: number }
  /** A trial with this many clients completed no exchange. */
  | { readonly reason: 'no-throughput'; readonly clients: number }
  | { readonly reason: 'undetermined' }
  /** Root mean square of the relative deviations. */
  | { readonly reason: 'residual'; readonly residual: number }
);

/** With fewer levels the three parameters follow the noise. */
export const FEWEST_LEVELS = 6;
/** A curve with a larger residual says nothing about the levels. */
export const LARGEST_RESIDUAL = 0.15;

/**
 * Fits the Universal Scalability Law: N. J. Gunther, "Guerrilla Capacity Planning" (2007), chapters 4–6, in the
 * three-parameter form of B. Schwartz, "Practical Scalability Analysis with the Universal Scalability Law" (2015).
 *
 * N/X = c₀ + c₁N + c₂N² is linear in its coefficients, and is the law with γ = 1/Σc, β = γc₂, α = γ(c₁ + c₂). It is
 * fitted as N/X = (1 + α(N − 1) + βN(N − 1)) / γ, whose three coefficients must not be negative. The spread of
 * throughput grows with it, so the weights (X̂/N)², with X̂ from the previous fit, make *relative* deviations count
 * alike; (X²/N)², for a constant absolute spread, gives two to three times the error in γ
 * (docs/method/statistics.md).
 */
export function fitScalingLaw(levels: readonly ThroughputLevel[]): ScalingFit | NoScalingFit {
  const distinct = new Set(levels.map((level) => level.clients)).size;
  if (distinct < FEWEST_LEVELS) return { kind: 'no-fit', reason: 'few-levels', levels: distinct };
  const points = levels.map(pointOf);
  const broken = points.find(({ clients, x }) => !(x > 0 && x < Infinity && clients >= 1));
  if (broken) return { kind: 'no-fit', reason: 'no-throughput', clients: broken.clients };
  const first = solve(points, (point) => point.x);
  const refined = first && solve(points, (point) => throughputOf(first, point.clients));
  const law = refined && solve(points, (point) => throughputOf(refined, point.clients));
  if (!law) return { kind: 'no-fit', reason: 'undetermined' };
  const residual = deviation(points, law);
  if (residual > LARGEST_RESIDUAL) return { kind: 'no-fit', reason: 'residual', residual };
  return {
    kind: 'fit',
    ...law,
    peak: peakOf(law, Math.max(...levels.map((level) => level.clients))),
    residual,
    predict: (clients) => throughputOf(law, clients),
  };
}

interface Law {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

interface Point {
  readonly clients: number;
  /** Geometric mean, as the spread is relative. NaN if a trial has no throughput. */
  readonly x: number;
  readonly trials: number;
}

function pointOf({ clients, throughputs }: ThroughputLevel): Point {
  const trials = throughputs.length;
  return { clients, x: Math.exp(throughputs.reduce((sum, x) => sum + Math.log(x), 0) / trials), trials };
}

function throughputOf({ alpha, beta, gamma }: Law, clients: number): number {
  return (gamma * clients) / (1 + alpha * (clients - 1) + beta * clients * (clients - 1));
}

function solve(points: readonly Point[], expected: (point: Point) => number): Law | null {
  const coefficients = nonNegativeLeastSquares(
    points.map((point) => ({
      terms: [1, point.clients - 1, point.clients * (point.clients - 1)],
      value: point.clients / point.x,
      weight: point.trials * (expected(point) / point.clients) ** 2,
    })),
  );
  if (!coefficients || coefficients[0] === 0) return null;
  const [perClient, contention, coherency] = coefficients as [number, number, number];
  return { gamma: 1 / perClient, alpha: contention / perClient, beta: coherency / perClient };
}

function deviation(points: readonly Point[], law: Law): number {
  const squares = points.map(({ clients, x }) => (x / throughputOf(law, clients) - 1) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** N* = √((1 − α)/β). */
function peakOf({ alpha, beta }: Law, largest: number): Peak | null {
  const clients = Math.sqrt((1 - alpha) / beta);
  // Without coherency cost N* is infinite; with α above 1 it is not a number.
  return clients >= 1 && clients < Infinity ? { clients, extrapolated: clients > largest } : null;
}
