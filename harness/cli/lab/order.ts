/** `holdfast lab order`: how often the order of the servers in a run is false, and how often it finds a slower one. */
import { EXIT, UsageError } from '../../errors.ts';
import { formatPercent } from '../../analysis/text/format.ts';
import { table } from '../../analysis/text/table.ts';
import { orderCases } from '../../lab/order/cases.ts';
import type { OrderRates } from '../../lab/order/rates.ts';
import { recordedCells } from '../../lab/order/recorded.ts';
import { resampleOrder } from '../../lab/order/resampled.ts';
import { simulateOrder } from '../../lab/order/simulated.ts';
import { findRunFolder } from '../../results/folder.ts';
import { readRun } from '../../results/run.ts';
import { command } from '../command.ts';
import { liveLine, type Io } from '../io.ts';
import { text, whole, type Values } from '../options/option.ts';
import { RUNS_FOLDER, TABLE_FORMAT } from '../options/shared.ts';

const OPTIONS = {
  runs: whole('runs that are drawn for each rate', 20, 100_000, 500),
  of: text('draw them from this recorded run of one server under several names'),
  ...RUNS_FOLDER,
  ...TABLE_FORMAT,
};

/** A slowdown that a run of three trials should find. */
const SLOWER = 0.2;

interface Line {
  readonly what: readonly string[];
  readonly equal: OrderRates;
  readonly slower: OrderRates;
}

async function order({ runs, of, out, format }: Values<typeof OPTIONS>, io: Io): Promise<number> {
  const lines = of === undefined ? simulated(runs, io) : await drawn(of, out, runs);
  liveLine(io, '');
  io.out(format === 'json' ? `${JSON.stringify(lines, null, 2)}\n` : tableOf(lines));
  return EXIT.ok;
}

function simulated(runs: number, io: Io): Line[] {
  const cases = orderCases();
  return cases.map(({ unevenness, ...setting }, i) => {
    const { servers, levels, trials, scatter } = setting;
    liveLine(io, `  ${i + 1}/${cases.length}`);
    return {
      what: [`${servers}`, `${levels}`, `${trials}`, scatter, unevenness],
      equal: simulateOrder({ ...setting, slower: 0 }, runs),
      slower: simulateOrder({ ...setting, slower: SLOWER }, runs),
    };
  });
}

async function drawn(of: string, out: string, runs: number): Promise<Line[]> {
  const { metrics, servers, levels, repetitions } = recordedCells(await readRun(findRunFolder(of, out)));
  const sizes = [3, 5, 10].filter((trials) => trials <= repetitions);
  if (sizes.length === 0) throw new UsageError(`--of ${of}: it has fewer than 3 repetitions.`);
  return sizes.map((trials) => ({
    what: [`${servers}`, `${levels}`, `${trials}`, 'recorded', ''],
    equal: resampleOrder(metrics, { trials, slower: 0 }, runs),
    slower: resampleOrder(metrics, { trials, slower: SLOWER }, runs),
  }));
}

function tableOf(lines: readonly Line[]): string {
  const share = formatPercent(SLOWER);
  return table(
    [
      'servers',
      'levels',
      'trials',
      'scatter',
      'uneven',
      'equal: runs with a false order',
      `one ${share} slower: found`,
      'at the last level',
      'false all the same',
      'tells from',
    ],
    lines.map(({ what, equal, slower }) => [
      ...what,
      rateText(equal.wrong),
      slower.found ? rateText(slower.found) : '',
      slower.foundAtLast ? rateText(slower.foundAtLast) : '',
      rateText(slower.wrong),
      formatPercent(equal.ratio - 1, 2),
    ]),
  );
}

function rateText({ rate, interval }: OrderRates['wrong']): string {
  return `${formatPercent(rate, 2)} (${formatPercent(interval.low, 2)} to ${formatPercent(interval.high, 2)})`;
}

export const orderCommand = command({
  usage: 'order',
  describe: 'measure how often a run orders servers falsely, and how often it finds a slower one',
  examples: [
    ['lab order', 'simulated runs, in a few minutes'],
    ['lab order --of results/latest', 'drawn from a recorded run of one server under several names'],
  ],
  options: OPTIONS,
  run: order,
});
