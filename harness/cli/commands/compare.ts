/** `holdfast compare`: two stored runs, cell by cell. */
import { filesOf, printed } from '../../../reports/outputs/outputs.ts';
import { compareRuns } from '../../analysis/comparison/compare.ts';
import { summarise } from '../../analysis/summarise.ts';
import { EXIT } from '../../errors.ts';
import { writeFileDurably } from '../../results/files.ts';
import { findRunFolder } from '../../results/folder.ts';
import { readRun } from '../../results/run.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { flag, positional, required, text, type Values } from '../options/option.ts';
import { REPORT_FORMAT, RUNS_FOLDER } from '../options/shared.ts';

const OPTIONS = {
  base: positional(required(text('folder or id of the base run'))),
  head: positional(required(text('folder or id of the head run'))),
  force: flag('compare runs from different environments; the output says so'),
  ...RUNS_FOLDER,
  html: text('also write the report of the head, with the comparison, to this file'),
  ...REPORT_FORMAT,
};

/** Advisory: whatever it shows, it ends well. */
async function compare(options: Values<typeof OPTIONS>, io: Io): Promise<number> {
  const base = await readRun(findRunFolder(options.base, options.out));
  const head = await readRun(findRunFolder(options.head, options.out));
  const comparison = compareRuns(base, head, { force: options.force });
  const { reportOfComparison, reportOfRun } = await import('../../../reports/view/report.ts');
  if (options.html !== undefined) {
    const page = reportOfRun(head, summarise(head), comparison);
    for await (const [, text] of filesOf(page, ['html'])) writeFileDurably(options.html, text);
  }
  io.out(await printed(reportOfComparison(comparison), options.format, io.columns));
  return EXIT.ok;
}

export const compareCommand = command({
  usage: 'compare <base> <head>',
  describe: 'compare two stored runs, cell by cell (advisory)',
  examples: [
    ['compare 2026-11-20T090000-0a1b2c latest', 'what has become better or worse'],
    ['compare before/run after/run --force', 'despite different environments'],
  ],
  options: OPTIONS,
  run: compare,
});
