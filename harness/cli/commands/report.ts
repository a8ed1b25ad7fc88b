/** `holdfast report`: draws a stored run, or a duet, again. */
import { summarise } from '../../analysis/summarise.ts';
import { holdsDuet, readDuet } from '../../duet/read.ts';
import { EXIT } from '../../errors.ts';
import { findRunFolder } from '../../results/folder.ts';
import { readRun } from '../../results/read.ts';
import type { Io } from '../io.ts';
import { command } from '../options/options.ts';
import { writeDuetReport } from '../files/write-duet-report.ts';
import { writeReport } from '../files/write-report.ts';

interface ReportOptions {
  readonly run: string;
  readonly out: string;
  readonly format: 'text' | 'json' | 'markdown';
}

async function report(options: ReportOptions, io: Io): Promise<number> {
  const folder = findRunFolder(options.run, options.out);
  if (holdsDuet(folder)) {
    await writeDuetReport({ folder, ...(await readDuet(folder)) }, options.format, io);
    return EXIT.ok;
  }
  const run = await readRun(folder);
  await writeReport({ folder, run, summary: summarise(run) }, options.format, io);
  return EXIT.ok;
}

export const reportCommand = command<ReportOptions>({
  usage: 'report [run]',
  describe: 'draw the report of a run, or of a duet, again',
  examples: [
    ['report', 'the newest run'],
    ['report results/duet/latest', 'the newest duet'],
    ['report results/2026-11-21T040506-a1b2c3 --format markdown', 'its summary as Markdown'],
  ],
  options: (yargs) =>
    yargs
      .positional('run', { type: 'string', default: 'latest', describe: 'folder or id of the run or duet' })
      .options({
        out: { type: 'string', default: 'results', describe: 'folder that holds the runs' },
        format: {
          choices: ['text', 'json', 'markdown'] as const,
          default: 'text' as const,
          describe: 'of what goes to stdout',
        },
      }),
  run: report,
});
