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
