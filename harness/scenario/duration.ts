/** Durations as people write them: `250us`, `20ms`, `1.5s`, `2m`; a bare number is milliseconds. */

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds, or undefined where the text is no duration (negative and infinite ones are none). */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(us|ms|s|min|m|h)?\s*$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]) * (MS_PER_UNIT[match[2] ?? 'ms'] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The shortest exact-enough form for people: `41 ns`, `850 µs`, `20 ms`, `1.5 s`, `2 min 5 s`.
 *
 * @param digits significant digits below a minute; from there on, whole seconds
 */
export function formatDuration(ms: number, digits = 3): string {
  if (!Number.isFinite(ms)) return '–';
  const abs = Math.abs(ms);
  if (abs === 0) return '0 ms';
  if (abs < 0.001) return `${trim(ms * 1e6, digits)} ns`;
  if (abs < 1) return `${trim(ms * 1000, digits)} µs`;
  if (abs < 1000) return `${trim(ms, digits)} ms`;
  if (abs < 60_000) return `${trim(ms / 1000, digits)} s`;
  const seconds = Math.round(abs / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [h && `${h} h`, m && `${m} min`, s && `${s} s`].filter(Boolean);
  return (ms < 0 ? '-' : '') + parts.join(' ');
}

function trim(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
