import type { Location } from '../estimators/hodges-lehmann.ts';
import { USUAL_LEVEL } from '../estimators/interval.ts';
import { doubledMidranks, rankSumDistribution } from './ranks.ts';
import { normalUpperPoint, normalUpperTail } from './normal.ts';
import { ascending, quantileOfSorted } from '../estimators/quantile.ts';

/** The shift between two unpaired sets of samples, and its significance. */
export interface TwoSampleShift extends Location {
  /** Two-sided p of the null hypothesis that both come from one distribution. */
  readonly p: number;
  /** False for the normal approximation, used for many samples. */
  readonly exact: boolean;
}

/** Above this total the normal approximation is used: the exact table grows with n⁴. */
const EXACT_UP_TO = 60;

/**
 * Rank-sum test with the Hodges–Lehmann shift and its interval: H. B. Mann & D. R. Whitney, "On a Test of Whether
 * one of Two Random Variables is Stochastically Larger than the Other", Annals of Mathematical Statistics 18
 * (1947); Hollander, Wolfe & Chicken (2014), 4.1–4.3. The p is exact given the ties; with ties the interval's level
 * is a lower bound.
 *
 * The shift is the median of all differences `second − first`; its interval runs from the k-th smallest to the k-th
 * largest of them, and is null when the sets are too small for the level (3 against 3 reach 90 % at most).
 *
 * @throws RangeError when a set is empty or a sample is not finite
 */
export function mannWhitney(
  first: readonly number[],
  second: readonly number[],
  nominal = USUAL_LEVEL,
): TwoSampleShift {
  if (first.length === 0 || second.length === 0) throw new RangeError('both sets need at least one sample');
  const differences = ascending(second.flatMap((b) => first.map((a) => b - a)));
  const exact = first.length + second.length <= EXACT_UP_TO;
  const pairs = differences.length;
  const miss = (1 - nominal) / 2;
  const edge = exact
    ? exactEdge(first.length, second.length, miss)
    : normalEdge(first.length, second.length, miss);
  return {
    estimate: quantileOfSorted(differences, 0.5),
    interval: edge && {
      low: differences[edge.k - 1]!,
      high: differences[pairs - edge.k]!,
      level: 1 - 2 * edge.miss,
    },
    p: exact ? exactP(first, second) : normalP(first, second),
    exact,
  };
}

/** Two-sided p from the distribution of the rank sum of the smaller set, given all midranks. */
function exactP(first: readonly number[], second: readonly number[]): number {
  const ranks = doubledMidranks([...first, ...second]);
  const small = first.length <= second.length ? ranks.slice(0, first.length) : ranks.slice(first.length);
  const sum = small.reduce((total, rank) => total + rank, 0);
  const distribution = rankSumDistribution(ranks, small.length);
  let atMost = 0;
  let atLeast = 0;
  for (const [s, probability] of distribution.entries()) {
    if (s <= sum) atMost += probability;
    if (s >= sum) atLeast += probability;
  }
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

interface Edge {
  readonly k: number;
  /** Probability that it misses on one side. */
  readonly miss: number;
}

/** Largest k with P(U ≤ k − 1) ≤ miss, for untied samples. */
function exactEdge(m: number, n: number, miss: number): Edge | null {
  const small = Math.min(m, n);
  const ranks = Array.from({ length: m + n }, (_, i) => i + 1);
  const distribution = rankSumDistribution(ranks, small).subarray((small * (small + 1)) / 2);
  let k = 0;
  let missed = 0;
  while (k < distribution.length && missed + distribution[k]! <= miss) missed += distribution[k++]!;
  return k === 0 ? null : { k, miss: missed };
}

function normalEdge(m: number, n: number, miss: number): Edge {
  const sd = Math.sqrt((m * n * (m + n + 1)) / 12);
  return { k: Math.max(1, Math.floor((m * n) / 2 + 0.5 - normalUpperPoint(miss) * sd)), miss };
}

/** Normal approximation with the corrections for ties and for continuity. */
function normalP(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const ranks = doubledMidranks(all);
  const sum = ranks.slice(0, first.length).reduce((total, rank) => total + rank, 0) / 2;
  const mean = (first.length * (all.length + 1)) / 2;
  const squares = ranks.reduce((total, rank) => total + (rank / 2 - (all.length + 1) / 2) ** 2, 0);
  const sd = Math.sqrt((first.length * second.length * squares) / (all.length * (all.length - 1)));
  if (sd === 0) return 1;
  return Math.min(1, 2 * normalUpperTail(Math.max(0, Math.abs(sum - mean) - 0.5) / sd));
}

/** Smallest two-sided p of the rank-sum test for m against n samples: 2/C(m + n, m). */
export function smallestP(m: number, n: number): number {
  let ways = 1;
  for (let i = 1; i <= m; i++) ways = (ways * (n + i)) / i;
  return Math.min(1, 2 / ways);
}
