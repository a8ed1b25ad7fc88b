/** What went wrong in the completed trials of a cell: exchanges that failed, and checks that did not hold. */
import type { Account, ErrorKind } from '../../results/schema/load.ts';
import type { Cell } from '../../results/schema/summary.ts';
import type { CompletedTrial } from '../../results/schema/trial.ts';

/** How the exchange of a lost client ends, which is no failure. */
const WITHIN_THE_RULES: readonly string[] = ['patience', 'busy'] satisfies readonly ErrorKind[];

/** Errors by kind; those of lost clients are not among them. */
export function failuresOf(
  errors: Cell['errors'] | Account['errors'],
): readonly (readonly [kind: string, count: number])[] {
  return Object.entries(errors).filter(([kind, count]) => count > 0 && !WITHIN_THE_RULES.includes(kind));
}

/** The checks that failed, most trials first. */
export function notValidOf(completed: readonly CompletedTrial[]): Cell['notValid'] {
  const failed = completed.flatMap(({ checks }) => checks.filter(({ ok }) => !ok));
  return [...Map.groupBy(failed, ({ id }) => id)]
    .map(([check, those]) => ({ check, trials: those.length, message: those[0]?.message ?? '' }))
    .toSorted((a, b) => b.trials - a.trials);
}
