/** `duets.jsonl` of a check of the verdict: what the duets were made by, then one line a duet. */
import * as z from 'zod';
import { verdict } from './comparison.ts';
import { amount, count, numbers, positive, version, type Immutable } from './leaves.ts';

/** The first line: what the duets were made by. */
export type CheckHeader = Immutable<z.infer<typeof checkHeader>>;
const checkHeader = z.object({
  schema: version,
  kind: z.literal('calibration'),
  /** SHA-256 over rules, server and calibration; a check goes on only with the same. */
  key: z.string(),
  /** ln(with slowdown/without) of CPU per exchange at the slowdown that was tried, one a launch. */
  d: z.array(z.number()).min(1),
});

/** One duet. */
export type CheckedDuet = Immutable<z.infer<typeof checkedDuet>>;
const checkedDuet = z.object({
  schema: version,
  kind: z.literal('duet'),
  /** The slowdown that was injected, relative; 0: none. */
  effect: amount,
  repetition: positive,
  verdict,
  gates: z.array(
    z.object({
      name: z.string(),
      verdict,
      /** Turned so that above 1 is worse; null when invalid. */
      effect: z.number().nullable(),
      d: numbers,
    }),
  ),
  launches: count,
  tookMs: amount,
});

export const checkLineSchema = z.discriminatedUnion('kind', [checkHeader, checkedDuet]);
