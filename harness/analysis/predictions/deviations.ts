/** Where a server is not what its architecture promises, how far off, and what the other figures say of the reason. */
import { cellOf, spreadOf } from '../cells/cells.ts';
import type { CellTrials } from '../cells/cell-trials.ts';
import { formatEstimate, formatPercent, formatValue } from '../text/format.ts';
import type { Expected } from './expected-elapsed.ts';
import type { Cell } from '../../results/schema/summary.ts';
import { keptWaiting } from '../warnings/trial-warnings.ts';
import { foreignCores } from '../warnings/machine.ts';
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
/** A server that used this share of a core for all of the time was held up by its CPU. */
const BUSY = 0.8;
/** Where others used so many cores, what waited may have waited for the CPU. */
const CROWDED = 0.5;

interface Deviation {
  readonly prediction: Prediction;
  readonly measured: Cell;
}

/** At most one sentence for each way to deviate: slower than as alone, faster than at best, clients lost. */
export function deviationSentences(server: string, predictions: readonly Prediction[]): string[] {
  const seen = predictions
    .filter(({ cell }) => cell.valid.length > 0)
    .map((prediction): Deviation => ({ prediction, measured: cellOf(prediction.cell) }));
  return [...slowerSentence(server, seen), ...fasterSentence(server, seen), ...lostSentence(server, seen)];
}

function slowerSentence(server: string, seen: readonly Deviation[]): string[] {
  const limit = ({ prediction }: Deviation) => prediction.asAlone.elapsedMs;
  const slower = seen.filter((one) => rangeOf(one).low > limit(one) * SLOWER);
  const [worst] = slower.toSorted((a, b) => rangeOf(b).low / limit(b) - rangeOf(a).low / limit(a));
  if (!worst) return [];
  const more = `${server} takes more time than its architecture makes of a single client's ${places(seen, slower)}`;
  return [`${more}${furthest(worst, slower, limit(worst))}. ${whySlower(worst)}`];
}

function fasterSentence(server: string, seen: readonly Deviation[]): string[] {
  const limit = ({ prediction }: Deviation) => prediction.atBest.elapsedMs;
  const faster = seen.filter((one) => rangeOf(one).high < limit(one) * FASTER);
  const [worst] = faster.toSorted((a, b) => rangeOf(a).high / limit(a) - rangeOf(b).high / limit(b));
  if (!worst) return [];
  const less = `${server} takes less time than its architecture makes of the floor ${places(seen, faster)}`;
  return [`${less}${furthest(worst, faster, limit(worst))}. ${whyFaster(worst)}`];
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

/** The first cause that the figures bear out; what they do not bear out is not guessed. */
function whySlower({ prediction: { cell }, measured }: Deviation): string {
  if (cell.valid.some(keptWaiting)) {
    return 'Likely why: its accept queue was full, and clients waited for the kernel to repeat their handshake.';
  }
  const { elapsed, cpu, processes, threads } = measured.metrics;
  const connection = measured.metrics['cpu-per-connection'];
  const share = elapsed && cpu ? cpu.median / elapsed.median : 0;
  const each = connection ? formatValue(connection.median, 'us') : '';
  if (share >= BUSY) {
    const workers = Math.max(processes?.median ?? 0, threads?.median ?? 0);
    const started = workers >= measured.clients ? ', for each of which it starts a process or thread' : '';
    return `Likely why: it kept ${share.toPrecision(2)} cores busy, with ${each} of CPU for each connection${started}.`;
  }
  const others = foreignCores(cell);
  return others >= CROWDED
    ? `Likely why: other processes kept ${others.toPrecision(2)} cores busy meanwhile, and it waited for the CPU.`
    : `It kept only ${share.toPrecision(2)} cores busy meanwhile: the time went by in waiting for something else.`;
}

function whyFaster({ measured: { outcomes } }: Deviation): string {
  return outcomes.lost + outcomes.failed > 0
    ? 'Likely why: clients that were lost or failed did not take their time.'
    : 'Likely why: it serves more connections at once than its description says.';
}

function lostSentence(server: string, seen: readonly Deviation[]): string[] {
  const gaps = seen.flatMap(({ prediction: { atBest, asAlone }, measured: { clients, outcomes } }) => {
    const share = outcomes.asked > 0 ? outcomes.lost / outcomes.asked : 0;
    const [least, most] = [atBest.lost / clients, asAlone.lost / clients];
    if (share > most + LOST_MORE) return [{ clients, share, expected: most, gap: share - most }];
    return share < least - LOST_MORE ? [{ clients, share, expected: least, gap: least - share }] : [];
  });
  const [worst] = gaps.toSorted((a, b) => b.gap - a.gap);
  if (!worst) return [];
  const { clients, share, expected } = worst;
  const why =
    share > expected
      ? 'connections were held for longer with so many, and fewer fitted into the waiting period'
      : 'waiting clients were not turned away when their waiting period was over';
  return [
    `${server} lost ${formatPercent(share)} of ${counted(clients, 'client')}, where its architecture would lose ` +
      `${formatPercent(expected)}. Likely why: ${why}.`,
  ];
}
