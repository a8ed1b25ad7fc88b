/** What a check of the verdict has found so far, on disk: a check takes long, and goes on where it was stopped. */
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { UnfitError, UsageError, messageOf } from '../../errors.ts';
import type { Verdict } from '../../analysis/statistics/duet/duet-rule.ts';

/** The first line: what the duets were made by. */
export interface CheckHeader {
  readonly schema: 1;
  readonly kind: 'calibration';
  /** SHA-256 over rules, server and calibration; a check goes on only with the same. */
  readonly key: string;
  /** ln of the slow-down by the tried drag, one a launch. */
  readonly d: readonly number[];
}

/** One duet. */
export interface CheckedDuet {
  readonly schema: 1;
  readonly kind: 'duet';
  readonly effect: number;
  readonly repetition: number;
  readonly verdict: Verdict;
  readonly gates: readonly {
    readonly name: string;
    readonly verdict: Verdict;
    /** Turned so that above 1 is worse; null when invalid. */
    readonly effect: number | null;
    readonly d: readonly number[];
  }[];
  readonly launches: number;
  readonly tookMs: number;
}

export interface CheckSoFar {
  readonly header: CheckHeader | null;
  readonly duets: readonly CheckedDuet[];
}

/**
 * Reads a journal; one that is not there holds nothing. A last line that was torn as the check was killed is cut off.
 *
 * @throws UsageError where it was made by something else, UnfitError that names the line where it is damaged
 */
export async function readCheck(path: string, key: string): Promise<CheckSoFar> {
  if (!existsSync(path)) return { header: null, duets: [] };
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const schema = await journalSchema();
  const lines = whole
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch (error) {
        throw new UnfitError(
          `${path}, line ${i + 1}: ${messageOf(error)}. The file was changed or damaged; check anew with another --out.`,
          { cause: error },
        );
      }
      const outcome = schema.safeParse(value);
      if (outcome.success) return outcome.data satisfies CheckHeader | CheckedDuet;
      const [issue] = outcome.error.issues;
      throw new UnfitError(
        `${path}, line ${i + 1} at ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}. The file was changed or damaged; check anew with another --out.`,
      );
    });
  const [header] = lines;
  if (header === undefined) return { header: null, duets: [] };
  if (header.kind !== 'calibration')
    throw new UnfitError(`${path} does not begin with a calibration. Check anew with another --out.`);
  if (header.key !== key) {
    throw new UsageError(
      `${path} was made with other rules or another server. Check anew with another --out.`,
    );
  }
  return { header, duets: lines.filter((line) => line.kind === 'duet') };
}

async function journalSchema() {
  const z = await import('zod');
  const verdict = z.enum(['regression', 'improvement', 'no-change', 'inconclusive', 'invalid']);
  return z.discriminatedUnion('kind', [
    z.object({
      schema: z.literal(1),
      kind: z.literal('calibration'),
      key: z.string(),
      d: z.array(z.number()).min(1),
    }),
    z.object({
      schema: z.literal(1),
      kind: z.literal('duet'),
      effect: z.number().min(0),
      repetition: z.number().int().positive(),
      verdict,
      gates: z.array(
        z.object({ name: z.string(), verdict, effect: z.number().nullable(), d: z.array(z.number()) }),
      ),
      launches: z.number().int().nonnegative(),
      tookMs: z.number().nonnegative(),
    }),
  ]);
}
