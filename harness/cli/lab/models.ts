/** `holdfast models`: what each model costs, beside the relation to the event loop in C that it should have. */
import { EXIT, UsageError, didYouMean } from '../../errors.ts';
import { measureModels } from '../../lab/models/measure.ts';
import { BASE, REFERENCE, TOLERANCE } from '../../lab/models/reference.ts';
import { relations, type Relation } from '../../lab/models/relation.ts';
import { whole } from '../options/bench-options.ts';
import type { Io } from '../io.ts';
import { command } from '../options/options.ts';
import { liveLine } from './table-progress.ts';
import { whereItRan } from './table-setting.ts';
import { table } from '../../analysis/text/table.ts';

interface ModelsOptions {
  readonly servers: string | undefined;
  readonly rounds: number;
  readonly minutes: number;
  readonly format: 'text' | 'json';
}

async function models(options: ModelsOptions, io: Io, signal: AbortSignal): Promise<number> {
  const rows = rowsOf(options.servers);
  const effort = {
    rounds: whole('rounds', options.rounds, 1, 100),
    withinMs: whole('minutes', options.minutes, 1, 1000) * 60_000,
  };
  const line = liveLine(io);
  const measured = await measureModels(
    rows,
    effort,
    ({ round, done, total, server }) => line(`  round ${round}, ${done + 1}/${total}: ${server}`),
    signal,
  );
  line('');
  const { slices, rounds, cores, failures } = measured;
  for (const failure of failures) io.err(`failed: ${failure}\n`);
  const lines = relations(slices, rows);
  if (options.format === 'json') {
    io.out(
      `${JSON.stringify({ base: BASE, tolerance: TOLERANCE, rounds, cores, lines, failures }, null, 2)}\n`,
    );
  } else {
    io.out(modelsText(lines, rounds));
    io.out(`\n${whereItRan(cores)}\n`);
  }
  return failures.length > 0 ? EXIT.failed : EXIT.ok;
}

/** The rows of some servers, always with the base. @throws UsageError for one that has none */
function rowsOf(names: string | undefined): typeof REFERENCE {
  if (names === undefined) return REFERENCE;
  const known = [...new Set(REFERENCE.map(({ variant }) => variant))];
  const wanted = names.split(',').map((name) => name.trim());
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
    `CPU time of the server by connection and by message, echo of 64 bytes, relative to ${BASE} beside it;\n`,
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

export const modelsCommand = command<ModelsOptions>({
  usage: 'models',
  describe: 'hold what every model costs against its relation to the event loop in C',
  examples: [
    ['models', 'every model, in eleven minutes'],
    ['models --rounds 2', 'half as sure, in half the time'],
    ['models --servers ts-loop,ts-prefork-accept --rounds 5', 'two of them'],
  ],
  options: (yargs) =>
    yargs.options({
      servers: { type: 'string', describe: 'names, comma-separated (default: all that have a relation)' },
      rounds: { type: 'number', default: 4, describe: 'at most so many; fewer where time is short' },
      minutes: { type: 'number', default: 12, describe: 'no round is begun that would pass this' },
      format: {
        choices: ['text', 'json'] as const,
        default: 'text' as const,
        describe: 'of what goes to stdout',
      },
    }),
  run: models,
});
