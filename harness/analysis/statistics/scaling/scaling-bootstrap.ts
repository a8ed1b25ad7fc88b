import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { USUAL_LEVEL } from '../estimators/interval.ts';
import type { Interval } from '../../../results/schema/leaves.ts';
import { fitScalingLaw, type ScalingFit, type ThroughputLevel } from './scaling-law.ts';

/** Intervals for the parameters of the scaling law and its peak. */
export interface ScalingIntervals {
  readonly alpha: Interval;
  readonly beta: Interval;
  readonly gamma: Interval;
  /** N*, in clients. `high` is Infinity when it cannot be excluded that throughput has no peak at all. */
  readonly peak: Interval;
}

export interface Resampling {
  readonly seed: number;
  readonly resamples?: number;
  readonly level?: number;
}

/**
 * Percentile intervals by resampling trials with replacement within each level: B. Efron & R. J. Tibshirani, "An
 * Introduction to the Bootstrap" (1993), chapter 13.
 *
 * Resampling k trials understates their spread by √((k − 1)/k), a tenth at k = 5: the (log) deviations from the level's
 * mean are widened by its inverse first. The level is nominal; docs/method/statistics.md says how well it is kept.
 *
 * @returns null when a level has a single trial (nothing to resample) or the law fits to fewer than half the resamples
 */
export function bootstrapScaling(
  levels: readonly ThroughputLevel[],
  { seed, resamples = 1000, level = USUAL_LEVEL }: Resampling,
): ScalingIntervals | null {
  if (levels.some(({ throughputs }) => throughputs.length < 2)) return null;
  const random = xoroshiro128plus(seed);
  const widened = levels.map(widen);
  const fits: ScalingFit[] = [];
  for (let i = 0; i < resamples; i++) {
    const fit = fitScalingLaw(
      widened.map(({ clients, throughputs }) => ({
        clients,
        throughputs: throughputs.map(() => throughputs[uniformInt(random, 0, throughputs.length - 1)]!),
      })),
    );
    if (fit.kind === 'fit') fits.push(fit);
  }
  if (fits.length * 2 < resamples) return null;
  const interval = (figure: (fit: ScalingFit) => number): Interval => middle(fits.map(figure), level);
  return {
    alpha: interval((fit) => fit.alpha),
    beta: interval((fit) => fit.beta),
    gamma: interval((fit) => fit.gamma),
    peak: interval(peakClients),
  };
}

function widen({ clients, throughputs }: ThroughputLevel): ThroughputLevel {
  const count = throughputs.length;
  const logs = throughputs.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const factor = Math.sqrt(count / (count - 1));
  return { clients, throughputs: logs.map((log) => Math.exp(mean + factor * (log - mean))) };
}

/** Without a peak the law either never falls, or falls from the first client on. */
function peakClients(fit: ScalingFit): number {
  return fit.peak?.clients ?? (fit.beta === 0 ? Infinity : 1);
}

/** Between two order statistics; not interpolated, because Infinity may be among them. */
function middle(figures: readonly number[], level: number): Interval {
  const sorted = Float64Array.from(figures).sort();
  const outside = Math.floor(((1 - level) / 2) * sorted.length);
  return { low: sorted[outside]!, high: sorted[sorted.length - 1 - outside]!, level };
}
