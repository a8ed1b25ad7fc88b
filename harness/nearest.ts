/** The nearest known name to one that is not known, for errors that help. */

/** Levenshtein's edit distance, case-insensitive. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The known name with the smallest edit distance, if it is near enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (!best || d < best.distance) best = { name: candidate, distance: d };
  }
  if (!best) return undefined;
  return best.distance <= Math.max(2, Math.ceil(Math.max(name.length, best.name.length) * 0.45))
    ? best.name
    : undefined;
}

/** The end of a sentence: `; did you mean "x"?` or, where nothing is near, `; there is x, y.` */
export function didYouMean(name: string, known: readonly string[]): string {
  const best = nearest(name, known);
  if (best) return `; did you mean "${best}"?`;
  return known.length > 0 ? `; there is ${known.join(', ')}.` : '.';
}
