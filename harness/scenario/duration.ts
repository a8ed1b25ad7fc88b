/** Durations and rates as people write them: `250us`, `20ms`, `1.5s`, `2m`; `5000/s`, `300/min`. */

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds, also where no unit is given; undefined where the text is not a duration of 0 or more. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(us|µs|ms|s|min|m|h)?\s*$/.exec(text);
  return finite(Number(match?.[1]) * (MS_PER_UNIT[match?.[2] ?? 'ms'] ?? Number.NaN));
}

/** Events per second, also where no unit is given; undefined where the text is not a rate of 0 or more. */
export function parseRate(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(?:\/\s*(s|min|m|h))?\s*$/.exec(text);
  return finite(Number(match?.[1]) * (1000 / (MS_PER_UNIT[match?.[2] ?? 's'] ?? Number.NaN)));
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The shortest exact-enough form for people: `41 ns`, `850 µs`, `20 ms`, `1.5 s`, `2 min 5 s`.
 *
 * @param digits significant digits below a minute; from there on, whole seconds
 */
export function formatDuration(ms: number, digits = 3): string {
  if (!Number.isFinite(ms)) return '–';
  const abs = Math.abs(Number(ms.toPrecision(digits)));
  if (abs === 0) return '0 ms';
  if (abs < 0.001) return `${trim(ms * 1e6, digits)} ns`;
  if (abs < 1) return `${trim(ms * 1000, digits)} µs`;
  if (abs < 1000) return `${trim(ms, digits)} ms`;
  if (abs < 60_000) return `${trim(ms / 1000, digits)} s`;
  const seconds = Math.round(Math.abs(ms) / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [h && `${h} h`, m && `${m} min`, s && `${s} s`].filter(Boolean);
  return (ms < 0 ? '−' : '') + parts.join(' ');
}

function trim(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits))).replace(/^-/, '−');
}
