/**
 * The one family of errors that Holdfast itself raises. Each says what happened, where, and what to do,
 * and carries the exit code of the table in docs/cli.md. Anything else that escapes is a defect.
 */

/** Exit codes of the command line. `130` and `143` (signals) are set by main.ts. */
export const EXIT = {
  ok: 0,
  /** A regression, trials that failed, or a run in which no exchange was completed. */
  failed: 1,
  /** The command line, a configuration or a manifest cannot be understood. */
  usage: 2,
  /** The environment cannot carry the measurement, or the measurement is not valid. */
  unfit: 3,
  /** No verdict could be reached, and `--strict` asked for one. */
  inconclusive: 4,
  /** A defect of Holdfast itself (EX_SOFTWARE of sysexits.h). */
  defect: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected failure with a message for people. */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  readonly exitCode: ExitCode;

  /**
   * @param message one clear sentence that ends in what to do
   * @param exitCode what the process exits with if nobody handles it
   */
  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** What the user asked for cannot be understood (exit 2). */
export class UsageError extends HoldfastError {
  override readonly name = 'UsageError';
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT.usage, options);
  }
}

/** The machine or the files cannot carry what was asked for (exit 3). */
export class UnfitError extends HoldfastError {
  override readonly name = 'UnfitError';
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT.unfit, options);
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Levenshtein's edit distance. */
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

/** The end of a sentence: `; did you mean "x"?` or, where nothing is near, `; choose from x, y.` */
export function didYouMean(name: string, known: readonly string[]): string {
  const distances = known.map((each) => ({ each, d: distance(name.toLowerCase(), each.toLowerCase()) }));
  const [best] = distances.toSorted((a, b) => a.d - b.d);
  if (!best) return '.';
  const near = best.d <= Math.max(2, Math.ceil(Math.max(name.length, best.each.length) * 0.45));
  return near ? `; did you mean "${best.each}"?` : `; choose from ${known.join(', ')}.`;
}
