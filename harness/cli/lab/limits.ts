/** `holdfast lab limits`: what a message, a connection and holding one cost the load generator, next to a bare client. */
import { EXIT, UsageError, didYouMean } from '../../errors.ts';
import { requireBareClient } from '../../lab/bare-client.ts';
import { openContest } from '../../lab/limits/contenders.ts';
import { LIMIT_ROWS, type LimitRow } from '../../lab/limits/rows.ts';
import { command } from '../command.ts';
import type { Io } from '../io.ts';
import { list, positional, whole, type Values } from '../options/option.ts';

const OPTIONS = {
  rounds: positional(whole('rounds of each contender', 1, 100, 3)),
  rows: positional(
    list(`rows of the table (default: all): ${LIMIT_ROWS.map(({ name }) => name).join(', ')}`),
  ),
};

async function limits(
  { rounds, rows: names }: Values<typeof OPTIONS>,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const rows = rowsOf(names);
  requireBareClient();
  await using contest = await openContest(rounds, signal);
  // Markdown, a line as soon as it is there: the whole table takes minutes.
  io.out('| what | Holdfast | beside it | reached | goal |\n|---|---|---|---|---|\n');
  for (const { what, goal, measure } of rows) {
    const { ours, theirs, reached } = await measure(contest);
    io.out(`| ${what} | ${ours} | ${theirs} | ${reached} | ${goal} |\n`);
  }
  return EXIT.ok;
}

/** @throws UsageError for a row that the table does not have */
function rowsOf(names: readonly string[]): readonly LimitRow[] {
  const known = LIMIT_ROWS.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`limits: there is no row "${unknown}"${didYouMean(unknown, known)}`);
  return LIMIT_ROWS.filter(({ name }) => names.length === 0 || names.includes(name));
}

export const limitsCommand = command({
  usage: 'limits [rounds] [rows..]',
  describe:
    'measure what a message and a connection cost the load generator, in turn with a bare client in C',
  examples: [
    ['lab limits', 'every line, in some minutes'],
    ['lab limits 3 connect growth', 'two lines, three turns of each contender'],
  ],
  options: OPTIONS,
  run: limits,
});
