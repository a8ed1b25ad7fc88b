import { nonNegativeLeastSquares } from '../estimators/least-squares.ts';

/** Throughput of every trial at one number of clients. */
export interface ThroughputLevel {
  readonly clients: number;
  /** Completed exchanges per second, one figure per trial; at least one. */
  readonly throughputs: readonly number[];
}

/** Where throughput is highest, or why it has no highest point. */
export type Peak =
  | {
      readonly kind: 'peak';
      /** N*, in clients (not rounded). */
      readonly clients: number;
      readonly throughput: number;
      /** N* lies beyond the largest level measured: a forecast, not a finding. */
      readonly extrapolated: boolean;
    }
  | { readonly kind: 'none'; readonly why: string };

/** X(N) = γN / (1 + α(N − 1) + βN(N − 1)). */
export interface ScalingFit {
  readonly kind: 'fit';
  /** Contention: the share of the work that is done one after another. */
  readonly alpha: number;
  /** Coherency: what every client costs every other. */
  readonly beta: number;
  /** Throughput of one client, in exchanges per second. */
  readonly gamma: number;
  readonly peak: Peak;
  /** Root mean square of the relative deviations of the levels' (geometric) means from the curve (0.05: 5 %). */
  readonly residual: number;
  /** What was held at 0 because the best unconstrained fit would have made it negative. */
  readonly heldAtZero: readonly ('alpha' | 'beta')[];
  /** Throughput at a number of clients. */
  predict(clients: number): number;
}

export interface NoScalingFit {
  readonly kind: 'no-fit';
  readonly why: string;
}

/** Under six levels three parameters follow the noise. */
export const FEWEST_LEVELS = 6;
/** A curve that misses the levels by more than this on average says nothing about them. */
export const LARGEST_RESIDUAL = 0.15;

/**
 * Fits the Universal Scalability Law: N. J. Gunther, "Guerrilla Capacity Planning" (2007), chapters 4–6, in the
 * three-parameter form of B. Schwartz, "Practical Scalability Analysis with the Universal Scalability Law" (2015).
 *
 * N/X = c₀ + c₁N + c₂N² is linear in its coefficients; with γ = 1/Σc, β = γc₂, α = γ(c₁ + c₂) it is the law. Here the
 * same parabola is written N/X = (1 + α(N − 1) + βN(N − 1)) / γ, whose three coefficients must not be negative.
 * The weights make *relative* deviations of throughput count alike, (X̂/N)² with X̂ from the fit before, because the
 * spread of throughput grows with it; (X²/N)², which suits a constant absolute spread, leaves two to three times the
 * error in γ (docs/method/statistics.md has the figures).
 */
export function fitScalingLaw(levels: readonly ThroughputLevel[]): ScalingFit | NoScalingFit {
  const distinct = new Set(levels.map((level) => level.clients)).size;
  if (distinct < FEWEST_LEVELS) {
    return {
      kind: 'no-fit',
      why: `too few levels of clients: ${distinct}, where the law needs ${FEWEST_LEVELS}`,
    };
  }
  const points = levels.map(pointOf);
  const broken = points.find(({ clients, x }) => !(x > 0 && x < Infinity && clients >= 1));
  if (broken) {
    return { kind: 'no-fit', why: `at ${broken.clients} clients a trial has no throughput above zero` };
  }
  const first = solve(points, (point) => point.x);
  const refined = first && solve(points, (point) => throughputOf(first, point.clients));
  const law = refined && solve(points, (point) => throughputOf(refined, point.clients));
  if (!law) return { kind: 'no-fit', why: 'the levels do not determine the three parameters of the law' };
  const residual = deviation(points, law);
  if (residual > LARGEST_RESIDUAL) {
    const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
    return {
      kind: 'no-fit',
      why: `the law misses the measured throughput by ${percent(residual)}, more than ${percent(LARGEST_RESIDUAL)}`,
    };
  }
  return {
    kind: 'fit',
    ...law,
    peak: peakOf(law, Math.max(...levels.map((level) => level.clients))),
    residual,
    heldAtZero: (['alpha', 'beta'] as const).filter((name) => law[name] === 0),
    predict: (clients) => throughputOf(law, clients),
  };
}

interface Law {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** All trials of one level together. */
interface Point {
  readonly clients: number;
  /** Geometric mean: the middle of a spread that is relative. NaN if a trial has no throughput. */
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

/** One weighted fit, with the throughput that sets the weight of each point. */
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
function peakOf(law: Law, largest: number): Peak {
  if (law.beta === 0 && law.alpha === 0)
    return { kind: 'none', why: 'throughput grows in proportion to clients' };
  if (law.beta === 0) {
    const limit = (law.gamma / law.alpha).toPrecision(3);
    return { kind: 'none', why: `throughput levels off towards ${limit} per second without falling` };
  }
  if (law.alpha >= 1) return { kind: 'none', why: 'throughput falls from the first client on' };
  const clients = Math.sqrt((1 - law.alpha) / law.beta);
  if (clients < 1) return { kind: 'none', why: 'throughput falls from the first client on' };
  return { kind: 'peak', clients, throughput: throughputOf(law, clients), extrapolated: clients > largest };
}
