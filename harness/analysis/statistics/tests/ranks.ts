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

/**
 * Twice the rank of every value, in the order of the values: 2, 4, 6, … for the smallest, second, third. Equal values
 * share the mean of the ranks they take up (midranks), which is a multiple of ½: doubled, every rank is an integer,
 * and the sums of them can index a table.
 */
export function doubledMidranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).toSorted((a, b) => values[a]! - values[b]!);
  const ranks = Array.from<number>({ length: values.length });
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    // Ranks from + 1 … to + 1 have the mean (from + to + 2) / 2.
    for (let i = from; i <= to; i++) ranks[order[i]!] = from + to + 2;
    from = to + 1;
  }
  return ranks;
}
