/** Draws a run into its folder and says on stdout what came out. */
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { formatValue } from '../../analysis/text/format.ts';
import type { Summary } from '../../results/schema/summary.ts';
import type { Run } from '../../results/run.ts';
import type { TimeSpent } from '../../results/schema/run.ts';
import { writeFileDurably } from '../../results/files.ts';
import type { RunFolder } from '../../results/folder.ts';
import { formatDuration } from '../../scenario/duration.ts';
import type { Io } from '../io.ts';
import { jsonText } from './run-record.ts';

export interface Drawn {
  readonly folder: RunFolder;
  readonly run: Run;
  readonly summary: Summary;
}

/** Writes summary, report and charts; prints the table, the JSON or the Markdown, and where the report is. */
export async function writeReport(
  { folder, run, summary }: Drawn,
  format: 'text' | 'json' | 'markdown',
  io: Io,
): Promise<void> {
  const begin = performance.now();
  // Loaded here: Vega takes a while, and no other command should wait for it.
  const { renderRun, terminalTable } = await import('../../../reports/outputs/outputs.ts');
  mkdirSync(folder.charts, { recursive: true });
  writeFileDurably(folder.summary, jsonText(summary));
  const { charts, ...files } = renderRun(run, summary);
  for (const [name, text] of Object.entries(files)) writeFileDurably(join(folder.path, name), text);
  for (const [name, svg] of Object.entries(charts)) writeFileDurably(join(folder.charts, name), svg);
  const reportMs = performance.now() - begin;
  const timeSpent = run.manifest.timeSpent && { ...run.manifest.timeSpent, reportMs };
  if (timeSpent) writeFileDurably(folder.manifest, jsonText({ ...run.manifest, timeSpent }));

  switch (format) {
    case 'json':
      io.out(jsonText(summary));
      break;
    case 'markdown':
      io.out(files['summary.md']);
      break;
    case 'text':
      io.out(terminalTable(run.plan, summary, { columns: io.columns }));
      if (timeSpent) io.out(`\n${describeTime(timeSpent)}\n${describeMemory(run)}\n`);
      io.out(`report: ${styleText('bold', relative(process.cwd(), join(folder.path, 'report.html')))}\n`);
  }
}

/** One line: the most memory that Holdfast itself took, apart from the servers. */
function describeMemory({ trials }: Run): string {
  const generators = trials.map((trial) => {
    const load = trial.status === 'aborted' ? undefined : trial.load;
    return (load?.generators ?? []).reduce((sum, { peakRssBytes }) => sum + peakRssBytes, 0);
  });
  const harness = formatValue(process.resourceUsage().maxRSS * 1024, 'bytes');
  return `memory of Holdfast: ${harness}, and ${formatValue(Math.max(0, ...generators), 'bytes')} for the clients`;
}

/** One line: where the time of the run went. */
function describeTime(spent: TimeSpent): string {
  const parts = [
    ['spawn', spent.spawnMs],
    ['ready', spent.readyMs],
    ['prepare', spent.prepareMs],
    ['load', spent.loadMs],
    ['stop', spent.stopMs],
    ['between', spent.betweenMs],
    ['report', spent.reportMs],
  ] as const;
  const total = formatDuration(spent.totalMs + spent.reportMs);
  return `time: ${total} (${parts.map(([name, ms]) => `${name} ${formatDuration(ms)}`).join(' · ')})`;
}
