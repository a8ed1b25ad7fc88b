import type { Evidence } from '../../../results/schema/comparison.ts';
import {
  hodgesLehmann,
  oneSidedBounds,
  walshAverages,
  walshMedian,
  type WalshAverages,
} from '../estimators/hodges-lehmann.ts';

/** One-sided p-values of one gate. */
export interface OneSided {
  readonly worse: number;
  readonly better: number;
}

/** How often an effect must be found to count as detectable. */
const DETECTABLE_POWER = 0.8;

/** What one interim analysis asks of one gate. */
export interface Question {
  /** Signed-rank p-values before Holm's adjustment, and after it. */
  readonly raw: OneSided;
  readonly adjusted: OneSided;
  /** False-alarm probability spent at this analysis. */
  readonly alpha: number;
  readonly gates: number;
  /** Smallest relative effect worth an alarm. */
  readonly delta: number;
}

/**
 * What the launches say of one gate, as ratios.
 *
 * @param d log ratios, one per launch; at least one, finite
 */
export function evidenceOf(d: readonly number[], question: Question): Evidence {
  const { raw, adjusted, alpha, gates, delta } = question;
  const { estimate, interval } = hodgesLehmann(d);
  const direction = estimate >= 0 ? 'worse' : 'better';
  const walsh = walshAverages(d);
  const upper = oneSidedBounds(walsh, 1 - alpha);
  return {
    effect: Math.exp(estimate),
    interval: interval && { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) },
    upperBound: upper && Math.exp(upper.high),
    p: raw[direction],
    pAdjusted: adjusted[direction],
    smallestDetectable: smallestDetectable(walsh, delta, alpha / gates),
  };
}

/**
 * The usual sum of two distances, taken from the exact bounds instead of a normal distribution: how far the estimate
 * must lie above zero for the alarm at the strictest p that Holm's procedure may ask for (or delta, if that is more),
 * and how far below the truth it may come out.
 */
function smallestDetectable(walsh: WalshAverages, delta: number, strictest: number): number | null {
  const alarm = oneSidedBounds(walsh, 1 - strictest);
  const chance = oneSidedBounds(walsh, DETECTABLE_POWER);
  if (!alarm || !chance) return null;
  const centre = walshMedian(walsh);
  return Math.exp(Math.max(Math.log1p(delta), centre - alarm.low) + (centre - chance.low));
}
