/**
 * Exact distribution of the sum of m ranks drawn without replacement, each choice equally likely, given the ranks as
 * they are, ties included. Element s is the probability of the (doubled) sum s.
 *
 * One pass over the ranks: with `left` ranks to go and m − j still to be drawn, the next one is drawn with probability
 * (m − j) / left. Only positive products are added, so that far tails keep their digits.
 * Time: ranks × m × largest sum.
 */
export function rankSumDistribution(doubledRanks: readonly number[], m: number): Float64Array {
  const size =
    doubledRanks
      .toSorted((a, b) => b - a)
      .slice(0, m)
      .reduce((sum, rank) => sum + rank, 0) + 1;
  const drawn = Array.from({ length: m + 1 }, () => new Float64Array(size));
  drawn[0]![0] = 1;
  for (const [i, rank] of doubledRanks.entries()) {
    const left = doubledRanks.length - i;
    for (let j = Math.min(i, m); j >= Math.max(0, m - left); j--) {
      const from = drawn[j]!;
      const to = drawn[j + 1];
      const take = (m - j) / left;
      for (let s = 0; s < size; s++) {
        const probability = from[s]!;
        if (probability === 0) continue;
        if (to && take > 0) to[s + rank]! += probability * take;
        from[s] = probability * (1 - take);
      }
    }
  }
  return drawn[m]!;
}
