/**
 * Holm's adjusted p-values, in the order given: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
 * Scandinavian Journal of Statistics 6 (1979).
 *
 * Rejecting what is ≤ α keeps the probability of even one false rejection in the whole family ≤ α, however the tests
 * hang together; and it is never less powerful than Bonferroni.
 *
 * @param ps p-values of the whole family, 0 to 1, not only of those that look interesting
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = Array.from<number>({ length: ps.length });
  const order = ps.map((_, i) => i).toSorted((a, b) => ps[a]! - ps[b]!);
  let largest = 0;
  for (const [step, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (ps.length - step) * ps[i]!));
    adjusted[i] = largest;
  }
  return adjusted;
}
