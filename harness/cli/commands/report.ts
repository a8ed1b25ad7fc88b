/** `holdfast report`: draws a stored run, or a duet, again. */
import { summarise } from '../../analysis/summarise.ts';
import { holdsDuet, readDuet } from '../../duet/read.ts';
import { EXIT } from '../../errors.ts';
import { findRunFolder } from '../../results/folder.ts';
import { readRun } from '../../results/run.ts';
import type { Io } from '../io.ts';
import { command } from '../command.ts';
import { positional, text, type Values } from '../options/option.ts';
import { REPORT_FORMAT, RUNS_FOLDER } from '../options/shared.ts';
import { writeDuetReport, writeReport } from '../files/write-report.ts';

const OPTIONS = {
  run: positional(text('folder or id of the run or duet', 'latest')),
  ...RUNS_FOLDER,
  ...REPORT_FORMAT,
};

async function report(options: Values<typeof OPTIONS>, io: Io): Promise<number> {
  const folder = findRunFolder(options.run, options.out);
  if (holdsDuet(folder)) {
    await writeDuetReport({ folder, ...(await readDuet(folder)) }, options.format, io);
    return EXIT.ok;
  }
  const run = await readRun(folder);
  await writeReport({ folder, run, summary: summarise(run) }, options.format, io);
  return EXIT.ok;
}

export const reportCommand = command({
  usage: 'report [run]',
  describe: 'redraw the report of a run or a duet',
  examples: [
    ['report', 'the newest run'],
    ['report results/duet/latest', 'the newest duet'],
    ['report results/2026-11-21T040506-a1b2c3 --format markdown', 'its summary as Markdown'],
  ],
  options: OPTIONS,
  run: report,
});
