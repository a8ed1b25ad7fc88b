import { doubledMidranks } from './ranks.ts';

/** One-sided p-values of the first member of every block against the others. */
export interface BlockRanks {
  /** P(a sum of ranks this large or larger): small where the first members tend to have more. */
  readonly pMore: number;
  /** The same towards less. */
  readonly pLess: number;
}

/**
 * Whether the first member of each block tends to have more than the others: a permutation test of its sum of ranks, exact
 * with any ties. E. J. G. Pitman, "Significance Tests Which May Be Applied to Samples from Any Populations: III", Biometrika
 * 29 (1938), on ranks over all blocks (midranks).
 *
 * Given the values, the first member is equally likely to have any value of its block under the null hypothesis, and blocks
 * are independent. Nothing is assumed of how values hang together within a block: a burst of failures that falls on one
 * block counts as one. A block whose values are all equal says nothing.
 *
 * Time: blocks that say something × their members × largest sum.
 *
 * @param blocks the first member's value first; at least one value each
 */
export function blockRankTest(blocks: readonly (readonly number[])[]): BlockRanks {
  const ranks = doubledMidranks(blocks.flat());
  let at = 0;
  const telling = blocks.flatMap(({ length }) => {
    const own = ranks.slice(at, (at += length));
    const least = Math.min(...own);
    return own.every((rank) => rank === least) ? [] : [own.map((rank) => rank - least)];
  });
  const observed = telling.reduce((sum, [first]) => sum + first!, 0);
  const distribution = sumDistribution(telling);
  const sum = (part: Float64Array): number =>
    Math.min(
      1,
      part.reduce((total, p) => total + p, 0),
    );
  return {
    pMore: sum(distribution.subarray(observed)),
    pLess: sum(distribution.subarray(0, observed + 1)),
  };
}

/** Element s is the probability of the sum s when one rank of every block is drawn, each equally likely. */
function sumDistribution(blocks: readonly (readonly number[])[]): Float64Array {
  const size = blocks.reduce((total, ranks) => total + Math.max(...ranks), 0) + 1;
  let distribution = new Float64Array(size);
  distribution[0] = 1;
  let reached = 0;
  for (const ranks of blocks) {
    const next = new Float64Array(size);
    for (let s = 0; s <= reached; s++) {
      const share = distribution[s]! / ranks.length;
      if (share > 0) for (const rank of ranks) next[s + rank]! += share;
    }
    reached += Math.max(...ranks);
    distribution = next;
  }
  return distribution;
}
