/** Trials that did not measure what they claim: one warning for each check that failed. */
import type { ValidityCheck } from '../../results/schema/trial.ts';
import type { Warning, WarningCode } from '../../results/schema/summary.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { sentence } from '../text/phrases.ts';
import { affected, inTrials } from './affected.ts';

interface Meaning {
  readonly code: WarningCode;
  readonly what: string;
  readonly advice: string;
}

const GENERATOR_ADVICE =
  'The server can do more than shown there. Drive fewer clients, let them think longer, or use a machine with more cores.';

const MEANINGS: Readonly<Record<ValidityCheck['id'], Meaning>> = {
  'generator-saturated': {
    code: 'generator-limited',
    what: 'the load generator had used up its CPU',
    advice: GENERATOR_ADVICE,
  },
  'generator-late': {
    code: 'generator-limited',
    what: 'the load generator was late with its own timers',
    advice: GENERATOR_ADVICE,
  },
  conservation: {
    code: 'not-valid',
    what: 'the counts of attempts did not add up',
    advice: 'This is a defect of the load generator: please report it with the folder of the run.',
  },
  'littles-law': {
    code: 'not-valid',
    what: "Little's law did not hold",
    advice: 'Connections were dropped or the generator stalled. Look at the errors, and at a longer window.',
  },
  'offered-rate': {
    code: 'not-valid',
    what: 'the offered rate was not reached',
    advice:
      'The server or the generator cannot keep up. Offer a lower rate, and find the highest that it sustains.',
  },
  established: {
    code: 'not-valid',
    what: 'not all connections were established at once',
    advice:
      'The server cannot hold so many connections at once: compare it where it can, or by the session scenario.',
  },
};

/** Their trials are shown and counted, and no estimate and no verdict is made of them. */
export function invalidTrials(cells: readonly CellTrials[]): Warning[] {
  return Object.entries(MEANINGS).flatMap(([id, { code, what, advice }]) => {
    const hit = affected(cells, ({ checks }) => checks.some((check) => check.id === id && !check.ok));
    if (!hit) return [];
    const first = hit.trials[0]?.checks.find((check) => check.id === id && !check.ok);
    const message = `${sentence(what)} ${inTrials(hit)}, which are shown and not judged. The first: ${first?.message ?? ''}`;
    return [{ code, message, advice, cells: hit.cells }];
  });
}
