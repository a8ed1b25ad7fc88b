/** `holdfast lab models`: what each model costs, and its expected ratio to the event loop in C. */
import { UsageError, didYouMean } from '../../errors.ts';
import { measureModels } from '../../lab/models/measure.ts';
import { BASE, REFERENCE, TOLERANCE } from '../../lab/models/reference.ts';
import { relations, type Relation } from '../../lab/models/relation.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { names, whole, type Values } from '../options/option.ts';
import { roundsOption, TABLE_FORMAT } from '../options/shared.ts';
import { tableProgress, writeTable } from './table-output.ts';
import { table } from '../../analysis/text/table.ts';

const OPTIONS = {
  servers: names('comma-separated names (default: all that have an expected ratio)'),
  ...roundsOption(4),
  minutes: whole('start no round that would end after this many minutes', 1, 1000, 12),
  ...TABLE_FORMAT,
};

async function models(options: Values<typeof OPTIONS>, io: Io, signal: AbortSignal): Promise<number> {
  const rows = rowsOf(options.servers);
  const effort = { rounds: options.rounds, withinMs: options.minutes * 60_000 };
  const measured = await measureModels(rows, effort, tableProgress(io), signal);
  const lines = relations(measured.figures, rows);
  const fields = { base: BASE, tolerance: TOLERANCE, lines };
  const text = modelsText(lines, measured.rounds);
  return writeTable(measured, { format: options.format, text, fields }, io);
}

/** The rows of some servers, always with the base. @throws UsageError for one that has none */
function rowsOf(wanted: readonly string[] | undefined): typeof REFERENCE {
  if (wanted === undefined) return REFERENCE;
  const known = [...new Set(REFERENCE.map(({ variant }) => variant))];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--servers: the table has no server "${unknown}"${didYouMean(unknown, known)}`);
  }
  return REFERENCE.filter(({ variant }) => variant === BASE || wanted.includes(variant));
}

/** The table as text. */
export function modelsText(lines: readonly Relation[], rounds: number): string {
  const counted = (answer: Relation['answer']): number =>
    lines.filter((line) => line.answer === answer).length;
  const open = lines.filter(({ answer }) => answer === 'cannot be told');
  const within = open.filter(({ ratio, limit }) => ratio !== undefined && ratio.median <= limit);
  const missing = counted('not measured');
  return [
    `CPU time of the server per connection and per message, echo of 64 bytes, relative to ${BASE} at the same time;\n`,
    `medians of all slices of ${rounds} rounds, with the 95 % interval\n\n`,
    table(
      ['server', 'workers', 'slots', 'of a', 'µs', `× ${BASE}`, '', 'relation', 'limit', ''],
      lines.map((line) => [
        line.variant,
        line.workers === undefined ? '' : String(line.workers),
        line.slots === undefined ? '' : line.slots === 0 ? '∞' : String(line.slots),
        line.unit,
        line.costUs === undefined ? '–' : line.costUs.toFixed(1),
        line.ratio === undefined ? '–' : line.ratio.median.toFixed(2),
        line.ratio === undefined ? '' : `(${line.ratio.low.toFixed(2)} to ${line.ratio.high.toFixed(2)})`,
        line.reference.toFixed(2),
        line.limit.toFixed(2),
        line.answer,
      ]),
    ),
    `\nAt most ${TOLERANCE} × the relation: ${counted('reached')} of ${lines.length} reached, `,
    `${counted('not reached')} not reached, ${open.length} cannot be told (${within.length} of them with a median within)`,
    `${missing > 0 ? `, ${missing} not measured` : ''}; see docs/servers/architectures.md\n`,
  ].join('');
}

export const modelsCommand = command({
  usage: 'models',
  describe: "compare each model's CPU cost with its expected ratio to the event loop in C",
  examples: [
    ['lab models', 'every model, in eleven minutes'],
    ['lab models --rounds 2', 'less certain, in half the time'],
    ['lab models --servers ts-loop,ts-prefork-accept --rounds 5', 'two of them'],
  ],
  options: OPTIONS,
  run: models,
});
