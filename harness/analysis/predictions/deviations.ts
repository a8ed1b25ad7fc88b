/** Where a server is not what its architecture promises, how far off, and what the other figures say of the reason. */
import { cellOf, spreadOf } from '../cells/cells.ts';
import { servedAll, type CellTrials } from '../cells/cell-trials.ts';
import { formatEstimate, formatPercent, formatValue } from '../text/format.ts';
import type { Expected } from './expected-elapsed.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { slotsOf, usedUp } from './used-up.ts';
import { clientRange, comparedTo, counted } from '../text/phrases.ts';

/** One cell with what its architecture makes of one client's time. */
export interface Prediction {
  readonly cell: CellTrials;
  /** Of the scenario's floor. */
  readonly atBest: Expected;
  /** Of the time that one client takes when it is alone, or of the floor where that was not measured. */
  readonly asAlone: Expected;
}

/** A quarter more or a fifth less than promised is worth a sentence. */
const SLOWER = 1.25;
const FASTER = 1 / SLOWER;
/** And so is a share of lost clients that differs by this much. */
const LOST_MORE = 0.05;

interface Deviation {
  readonly prediction: Prediction;
  readonly measured: Cell;
}

/**
 * At most one sentence for each way to deviate: slower than as alone, faster than at best, clients lost. Times are compared only
 * where everyone was served: a server that loses clients takes the time of the others.
 *
 * @param cores that could be used
 * @param patienceMs waiting period; Infinity: none
 */
export function deviationSentences(
  server: string,
  predictions: readonly Prediction[],
  cores: number,
  patienceMs: number,
): string[] {
  const seen = predictions
    .filter(({ cell }) => cell.valid.length > 0)
    .map((prediction): Deviation => ({ prediction, measured: cellOf(prediction.cell) }));
  const served = seen.filter(({ prediction }) => servedAll(prediction.cell));
  return [
    ...slowerSentence(server, served, cores),
    ...fasterSentence(server, served),
    ...lostSentence(server, seen, cores, patienceMs),
  ];
}

function slowerSentence(server: string, seen: readonly Deviation[], cores: number): string[] {
  const limit = ({ prediction }: Deviation) => prediction.asAlone.elapsedMs;
  const slower = seen.filter((one) => rangeOf(one).low > limit(one) * SLOWER);
  const [worst] = slower.toSorted((a, b) => rangeOf(b).low / limit(b) - rangeOf(a).low / limit(a));
  if (!worst) return [];
  const more = `${server} takes more time than its architecture makes of a single client's ${places(seen, slower)}`;
  return [`${more}${furthest(worst, slower, limit(worst))}. ${usedUp(worst.prediction.cell, cores)}`];
}

function fasterSentence(server: string, seen: readonly Deviation[]): string[] {
  const limit = ({ prediction }: Deviation) => prediction.atBest.elapsedMs;
  const faster = seen.filter((one) => rangeOf(one).high < limit(one) * FASTER);
  const [worst] = faster.toSorted((a, b) => rangeOf(a).high / limit(a) - rangeOf(b).high / limit(b));
  if (!worst) return [];
  const less = `${server} takes less time than its architecture makes of the floor ${places(seen, faster)}`;
  return [`${less}${furthest(worst, faster, limit(worst))}. ${moreAtOnce(worst)}`];
}

/** Interval of the elapsed time or, under six trials, its range; all of it has to lie beyond the limit. */
function rangeOf({ measured }: Deviation): { readonly low: number; readonly high: number } {
  const { elapsed } = measured.metrics;
  return elapsed ? spreadOf(elapsed) : { low: 0, high: Infinity };
}

/** The figure of the level that is furthest off, which is named where there are several. */
function furthest(worst: Deviation, off: readonly Deviation[], expectedMs: number): string {
  const { elapsed } = worst.measured.metrics;
  const { clients } = worst.measured;
  const where = off.length > 1 ? `; furthest ${clientRange(clients, clients)}, ` : ': ';
  const far = comparedTo(elapsed?.median ?? 0, expectedMs);
  const figure = elapsed ? formatEstimate(elapsed, 'ms') : '';
  return `${where}${figure} against ${formatValue(expectedMs, 'ms')}${far ? `, ${far}` : ''}`;
}

/** `from 50 to 500 clients`, or how many of the levels where they are not neighbours. */
function places(seen: readonly Deviation[], off: readonly Deviation[]): string {
  const clients = off.map(({ measured }) => measured.clients);
  const [from = 0, to = 0] = [clients.at(0), clients.at(-1)];
  const between = seen.filter(({ measured }) => measured.clients >= from && measured.clients <= to);
  return between.length === off.length
    ? clientRange(from, to)
    : `at ${off.length} of ${counted(between.length, 'level')} ${clientRange(from, to)}`;
}

/** What a server serves at once that is faster, or loses fewer clients, than its description lets it. */
function moreAtOnce({ prediction: { cell } }: Deviation): string {
  const peaks = cell.completed.map(({ load }) => load.peakEstablished);
  const most = Math.max(0, ...peaks);
  const slots = slotsOf(cell.server.analytic);
  return most > slots
    ? `It served up to ${counted(most, 'connection')} at once, where its description says ${slots}.`
    : `No counter explains it: it served no more than ${counted(most, 'connection')} at once.`;
}

function lostSentence(
  server: string,
  seen: readonly Deviation[],
  cores: number,
  patienceMs: number,
): string[] {
  const gaps = seen.flatMap((one) => {
    const { atBest, asAlone } = one.prediction;
    const { clients, outcomes } = one.measured;
    const share = outcomes.asked > 0 ? outcomes.lost / outcomes.asked : 0;
    const [least, most] = [atBest.lost / clients, asAlone.lost / clients];
    if (share > most + LOST_MORE) return [{ one, share, expected: most, gap: share - most }];
    return share < least - LOST_MORE ? [{ one, share, expected: least, gap: least - share }] : [];
  });
  const [worst] = gaps.toSorted((a, b) => b.gap - a.gap);
  if (!worst) return [];
  const { one, share, expected } = worst;
  const why = share > expected ? usedUp(one.prediction.cell, cores, patienceMs) : moreAtOnce(one);
  return [
    `${server} lost ${formatPercent(share)} of ${counted(one.measured.clients, 'client')}, where its architecture would lose ` +
      `${formatPercent(expected)}. ${why}`,
  ];
}
