/** How often the order of a run whose truth is known is false, and how often it finds what is there. */
import { clopperPearson } from '../../analysis/statistics/estimators/interval.ts';
import { quantile } from '../../analysis/statistics/estimators/quantile.ts';
import type { Placing, SweepOrder } from '../../analysis/statistics/order/order.ts';
import type { Rate } from '../../results/schema/comparison.ts';

export interface OrderRates {
  /** Runs with any statement of order between servers that are equal. */
  readonly wrong: Rate;
  /** Runs in which the slower server is behind, over all levels or at one at least; null where none is slower. */
  readonly found: Rate | null;
  /** The same at the last level. */
  readonly foundAtLast: Rate | null;
  /** Middle of the ratios from which on a run told two medians apart, at the last level. */
  readonly ratio: number;
}

/**
 * @param orders of every run, by metric
 * @param slower the one server that is not equal to the others
 */
export function ratesOf(orders: readonly (readonly SweepOrder[])[], slower?: string): OrderRates {
  const rate = (holds: (first: SweepOrder, all: readonly SweepOrder[]) => boolean): Rate =>
    clopperPearson(orders.filter((all) => all[0] !== undefined && holds(all[0], all)).length, orders.length);
  const ratios = orders.flatMap(([first]) => first?.levels.at(-1)?.resolution.ratio ?? []);
  const isBehind = (placing: Placing | null | undefined): boolean =>
    slower !== undefined && (placing?.behind.includes(slower) ?? false);
  return {
    wrong: rate((_, all) => all.some((order) => isWrong(order, slower))),
    found: slower === undefined ? null : rate(({ levels, overall }) => [overall, ...levels].some(isBehind)),
    foundAtLast: slower === undefined ? null : rate(({ levels }) => isBehind(levels.at(-1))),
    ratio: ratios.length > 0 ? quantile(ratios, 0.5) : Number.NaN,
  };
}

/** Whether it is said that a server is behind which is not, or that one overtakes another. */
function isWrong({ levels, overall, overtakings }: SweepOrder, slower: string | undefined): boolean {
  return (
    overtakings.length > 0 ||
    [...levels, ...(overall ? [overall] : [])].some(({ best, behind }) =>
      best[0] === slower ? behind.length > 0 : behind.some((server) => server !== slower),
    )
  );
}
