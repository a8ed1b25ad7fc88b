/** From which difference on a sweep tells two medians apart, and how many trials would tell half of it. */
import { median } from '../estimators/quantile.ts';
import type { Contender } from './contender.ts';
import { criticalDifference, type CriticalDifference } from './critical.ts';
import type { Noise } from './noise.ts';

/** What so many trials can tell. */
export interface Detectable {
  readonly trials: number;
  /** Ratio of two medians from which on they are told apart, above 1; that of the middle pair. */
  readonly ratio: number;
}

export interface Resolution extends Detectable {
  /** Trials that would tell half of that difference; null where {@link MOST_TRIALS} would not. */
  readonly more: Detectable | null;
}

const MOST_TRIALS = 30;

/** The critical difference in a sweep with so many times as many degrees of freedom, computed once each. */
export function criticalWithMore(
  { degrees, deviations }: Noise,
  tail: number,
): (times: number) => CriticalDifference {
  const known = new Map<number, CriticalDifference>();
  return (times) => {
    const critical = known.get(times) ?? criticalDifference({ degrees: degrees * times, deviations }, tail);
    known.set(times, critical);
    return critical;
  };
}

/** @param contenders those of one level */
export function resolutionOf(
  contenders: readonly Contender[],
  withMore: (times: number) => CriticalDifference,
): Resolution {
  const trials = Math.round(median(contenders.map(({ n }) => n)));
  // The middle pair stands for all.
  const scale = median(contenders.map((one) => one.scale));
  const withTrials = (n: number): Detectable => {
    const one = { n, scale };
    return { trials: n, ratio: Math.exp(withMore((n - 1) / (trials - 1)).ofPair(one, one)) };
  };
  const now = withTrials(trials);
  const enough = ({ ratio }: Detectable) => ratio - 1 <= (now.ratio - 1) / 2;
  let low = trials;
  let high = MOST_TRIALS;
  if (trials >= MOST_TRIALS || !enough(withTrials(high))) return { ...now, more: null };
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(withTrials(middle))) high = middle;
    else low = middle;
  }
  return { ...now, more: withTrials(high) };
}
