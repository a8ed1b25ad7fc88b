/** Seeded randomness of the plan: the same seed gives the same order on every machine. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number, each from `low` to `high` (both included) equally likely. */
  integer(low: number, high: number): number;
  /** A new array with the elements in random order (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[];
}

/** A generator (xoroshiro128+) from a 32-bit seed. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const integer = (low: number, high: number): number => uniformInt(generator, low, high);
  return {
    integer,
    shuffled: (items) => {
      const order = [...items];
      for (let i = order.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [order[i], order[j]] = [order[j] as (typeof order)[number], order[i] as (typeof order)[number]];
      }
      return order;
    },
  };
}
