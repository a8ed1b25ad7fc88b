/** Rates as people write them: `5000/s`, `300/min`; a bare number is per second. */

const PER_SECOND: Readonly<Record<string, number>> = { s: 1, m: 1 / 60, min: 1 / 60, h: 1 / 3600 };

/** Events per second, or undefined where the text is no rate (negative and infinite ones are none). */
export function parseRate(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(?:\/\s*(s|min|m|h))?\s*$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]) * (PER_SECOND[match[2] ?? 's'] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}
