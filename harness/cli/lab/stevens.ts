/** `holdfast lab stevens`: repeats the table of "UNIX Network Programming", volume 1, chapter 30, on this machine. */
import { table } from '../../analysis/text/table.ts';
import { TABLE_CONNECTIONS } from '../../lab/stevens/designs.ts';
import { herdArms, herdRows, type HerdRow } from '../../lab/stevens/herd.ts';
import { measureArms } from '../../lab/stevens/measure.ts';
import {
  loadOf,
  stevensArms,
  stevensRows,
  type StevensRow,
  type StevensSetting,
} from '../../lab/stevens/stevens.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { choice, commaSeparated, parsed, whole, wholeOf, type Values } from '../options/option.ts';
import { roundsOption, TABLE_FORMAT } from '../options/shared.ts';
import { tableProgress, writeTable } from './table-output.ts';

const OPTIONS = {
  language: choice('language of the servers', ['c', 'ts'], 'c'),
  children: whole('clients at the same time (the book had five on each of two hosts)', 1, 1000, 10),
  loops: whole('connections that each client makes, one after another', 1, 100_000, 500),
  bytes: whole('bytes requested on each connection', 1, 1_048_576, 4000),
  workers: whole('size of the pools of threads or processes', 1, 1024, 15),
  herd: parsed(sizesOf, 'pool sizes for the table of the herd; empty: no such table', '15,30,60,120'),
  ...roundsOption(5),
  ...TABLE_FORMAT,
};

/** All rounds together stay within two minutes wherever one does. */
const WITHIN_MS = 110_000;

async function stevens(options: Values<typeof OPTIONS>, io: Io, signal: AbortSignal): Promise<number> {
  const { language, children, loops, bytes, workers } = options;
  const setting = { language, children, loops, bytes, workers };
  // The herd is a matter of the kernel's wake-ups: in C only.
  const sizes = language === 'c' ? options.herd : [];
  const arms = [...stevensArms(setting), ...herdArms(sizes, loadOf(setting, setting.loops))];
  const effort = { rounds: options.rounds, withinMs: WITHIN_MS };
  const measured = await measureArms(arms, effort, tableProgress(io), signal);
  const trials = Map.groupBy(measured.figures, ({ trial }) => trial.server);
  const rows = stevensRows(trials, language);
  const herd = herdRows(trials, sizes);
  const text = stevensText(setting, measured.rounds, rows, sizes.length > 0 ? herd : []);
  return writeTable(measured, { format: options.format, text, fields: { setting, rows, herd } }, io);
}

function sizesOf(text: string, name: string): readonly number[] {
  return commaSeparated(text).map((part) => wholeOf(Number(part), name, 1, 1024));
}

/** Stevens' table as text. */
export function stevensText(
  setting: StevensSetting,
  rounds: number,
  rows: readonly StevensRow[],
  herd: readonly HerdRow[],
): string {
  return [
    processControl(setting, rounds, rows),
    distribution(rows),
    ...(herd.length > 0 ? [herdTable(herd)] : []),
  ].join('\n');
}

function processControl(setting: StevensSetting, rounds: number, rows: readonly StevensRow[]): string {
  const { children, loops, bytes, workers } = setting;
  const title =
    `Process-control CPU for ${TABLE_CONNECTIONS} connections, difference from the iterative server, in seconds;\n` +
    `${children} clients × ${loops} connections of ${bytes} bytes, ${workers} workers, medians of ${rounds} rounds (lowest to highest)\n\n`;
  return (
    title +
    table(
      ['', 'design', 'server', 'µs/connection', 'seconds', '', 'published'],
      rows.map((row) => [
        String(row.design),
        row.title,
        row.server ?? 'none here',
        row.cpuPerConnectionUs?.toFixed(1) ?? '–',
        row.processControlS?.median.toFixed(3) ?? '–',
        row.processControlS && row.design > 0
          ? `(${row.processControlS.low.toFixed(3)} to ${row.processControlS.high.toFixed(3)})`
          : '',
        row.publishedS.toFixed(2),
      ]),
    )
  );
}

function distribution(rows: readonly StevensRow[]): string {
  const pools = rows.flatMap(({ server, distribution: of }) => (of ? [{ server, of }] : []));
  return (
    'Connections by worker\n\n' +
    table(
      ['server', 'workers', 'min', 'median', 'max', 'share of the busiest'],
      pools.map(({ server = '', of }) => [
        server,
        String(of.workers),
        String(of.min),
        String(of.median),
        String(of.max),
        `${(of.busiestShare * 100).toFixed(1)} % (even: ${(100 / of.workers).toFixed(1)} %)`,
      ]),
    )
  );
}

function herdTable(herd: readonly HerdRow[]): string {
  const sizes = herd[0]?.points.map(({ workers }) => String(workers)) ?? [];
  return (
    'The herd: CPU µs a connection by number of workers\n\n' +
    table(
      ['server', ...sizes],
      herd.map(({ server, points }) => [
        server,
        ...points.map(({ cpuPerConnectionUs }) => cpuPerConnectionUs?.toFixed(1) ?? '–'),
      ]),
    )
  );
}

export const stevensCommand = command({
  usage: 'stevens',
  describe: "repeat Stevens' table of server designs on this machine",
  examples: [
    ['lab stevens', 'nine designs in C, and the herd from 15 to 120 workers'],
    ['lab stevens --language ts', 'the same designs in TypeScript'],
  ],
  options: OPTIONS,
  run: stevens,
});
