/** What is missing from a run: trials that did not take place, that failed, or that are too few for an interval. */
import type { Run } from '../../results/run.ts';
import type { Warning } from '../../results/schema/summary.ts';
import { smallestP } from '../statistics/tests/mann-whitney.ts';
import { formatPercent } from '../text/format.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { counted, ended } from '../text/phrases.ts';
import { keyOf } from './trial-warnings.ts';

/** Below this no 95 % interval of a median exists (statistics/estimators/interval.ts). */
const FEWEST_FOR_AN_INTERVAL = 6;

const STATE: Readonly<Record<Run['manifest']['status'], string>> = {
  running: 'has not been finished',
  aborted: 'was aborted',
  complete: 'has gaps',
};

/** Trials of the plan that did not take place. */
export function incomplete({ manifest }: Run, cells: readonly CellTrials[]): Warning | undefined {
  const missing = cells.reduce((sum, { planned, results }) => sum + planned - results.length, 0);
  const aborted = cells.reduce(
    (sum, { results }) => sum + results.filter(({ status }) => status === 'aborted').length,
    0,
  );
  const lacking = missing + aborted;
  if (lacking === 0 && manifest.status === 'complete') return undefined;
  const planned = cells.reduce((sum, cell) => sum + cell.planned, 0);
  return {
    code: 'incomplete',
    message: `The run ${STATE[manifest.status]}: ${lacking.toLocaleString('en')} of ${counted(planned, 'trial')} did not take place.`,
    advice: `Resume it: holdfast bench --resume ${manifest.id}.`,
  };
}

/** Trials that failed, with what the first of them said. */
export function failedTrials(cells: readonly CellTrials[]): Warning | undefined {
  const failing = cells.flatMap((cell) => {
    const failures = cell.results.filter((result) => result.status === 'failed');
    return failures.length > 0 ? [{ cell, failures }] : [];
  });
  const failures = failing.flatMap((one) => one.failures).toSorted((a, b) => a.trial.index - b.trial.index);
  const [first] = failures;
  if (!first) return undefined;
  const kinds = [...Map.groupBy(failures, ({ failure }) => failure.kind)].map(
    ([kind, those]) => `${those.length.toLocaleString('en')} × ${kind}`,
  );
  const { server, clients } = first.trial;
  return {
    code: 'failed-trials',
    message:
      `${counted(failures.length, 'trial')} failed (${kinds.join(', ')}). The first, ${server} with ` +
      `${counted(clients, 'client')}: ${ended(first.failure.message)}`,
    advice: "Failed trials contribute no figures. The server's output is in the logs folder of the run.",
    cells: failing.map(({ cell }) => keyOf(cell)),
  };
}

/** Cells with so few valid trials that no interval exists. */
export function fewTrials(cells: readonly CellTrials[]): Warning | undefined {
  const judged = cells.filter(({ valid }) => valid.length > 0);
  const few = judged.filter(({ valid }) => valid.length < FEWEST_FOR_AN_INTERVAL);
  if (few.length === 0) return undefined;
  const fewest = Math.min(...few.map(({ valid }) => valid.length));
  const where = few.length === judged.length ? 'All cells have' : `${counted(few.length, 'cell')} have`;
  return {
    code: 'few-trials',
    message:
      `${where} fewer than ${FEWEST_FOR_AN_INTERVAL} valid trials (fewest: ${fewest}), for which no 95 % interval of ` +
      `a median exists. ${instead(fewest)}`,
    advice: 'Ask for six or more trials per cell (--trials 6), or for a precision (--precision 5%).',
    ...(few.length === judged.length ? {} : { cells: few.map(keyOf) }),
  };
}

/** What stands in the place of the interval, and how easily that deceives. */
function instead(n: number): string {
  if (n < 2) return 'Single trials cannot show a difference.';
  const chance = formatPercent(smallestP(n, n), 2);
  return `The range of the trials is shown instead; the ranges of two equal servers lie apart by chance in ${chance} of cases.`;
}
