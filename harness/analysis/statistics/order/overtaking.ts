/** Where one server of a sweep overtakes another as the level rises. */
import { isBetter, pairsOf, type Level } from './contender.ts';
import type { CriticalDifference } from './critical.ts';

/** A pair whose order is told at two levels, and is not the same. */
export interface Overtaking {
  readonly server: string;
  readonly by: string;
  /** Last level at which `server`, and first at which `by` is told to be better. */
  readonly after: number;
  readonly before: number;
  /** Level at which lines between the medians (on log axes) meet. */
  readonly near: number;
}

/** @param levels ascending */
export function overtakingsOf(levels: readonly Level[], critical: CriticalDifference): Overtaking[] {
  const servers = [
    ...new Set(levels.flatMap(({ contenders }) => contenders.map(({ server }) => server))),
  ].toSorted();
  return pairsOf(servers).flatMap(([first, second]) => {
    const shared = levels.flatMap(({ level, contenders }) => {
      const a = contenders.find(({ server }) => server === first);
      const b = contenders.find(({ server }) => server === second);
      if (!a || !b) return [];
      const better = isBetter(a, b, critical.ofPair) ? 1 : isBetter(b, a, critical.ofPair) ? -1 : 0;
      return [{ level, gap: a.shown - b.shown, better }];
    });
    const told = shared.filter(({ better }) => better !== 0);
    return told.flatMap((now, i) => {
      const previous = told[i - 1];
      if (!previous || previous.better === now.better) return [];
      const [server, by] = previous.better === 1 ? [first, second] : [second, first];
      const between = shared.filter(({ level }) => level >= previous.level && level <= now.level);
      return [{ server, by, after: previous.level, before: now.level, near: meetingPoint(between) }];
    });
  });
}

/** First change of sign of the difference of logarithms, linear in ln(level). */
function meetingPoint(levels: readonly { readonly level: number; readonly gap: number }[]): number {
  for (const [i, right] of levels.entries()) {
    const left = levels[i - 1];
    if (!left || left.gap * right.gap > 0) continue;
    const share = left.gap / (left.gap - right.gap);
    return Math.exp(Math.log(left.level) + share * Math.log(right.level / left.level));
  }
  throw new RangeError('the order of the medians is the same at all levels');
}
