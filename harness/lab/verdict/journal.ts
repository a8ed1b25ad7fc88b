/** What a check of the verdict has found so far, on disk: a check takes long, and goes on where it was stopped. */
import { UnfitError, UsageError } from '../../errors.ts';
import { readJournal } from '../../results/journal.ts';
import type { CheckedDuet, CheckHeader } from '../../results/schema/verdict-check.ts';

export interface CheckSoFar {
  readonly header: CheckHeader | null;
  readonly duets: readonly CheckedDuet[];
}

/**
 * Reads a journal; one that is not there holds nothing, and what was torn as the check was killed is left out.
 *
 * @throws UsageError where it was made by something else, UnfitError that names the line where it is damaged
 */
export async function readCheck(path: string, key: string): Promise<CheckSoFar> {
  const { checkLineSchema } = await import('../../results/schema/verdict-check.ts');
  const [header, ...others] = readJournal(
    path,
    checkLineSchema,
    (fault, options) =>
      new UnfitError(
        `${fault}. The file was changed or damaged; start a new check with another --out.`,
        options,
      ),
  );
  if (header === undefined) return { header: null, duets: [] };
  if (header.kind !== 'calibration')
    throw new UnfitError(`${path} does not begin with a calibration. Start a new check with another --out.`);
  if (header.key !== key) {
    throw new UsageError(
      `${path} was made with other rules or another server. Start a new check with another --out.`,
    );
  }
  return { header, duets: others.filter((line) => line.kind === 'duet') };
}
