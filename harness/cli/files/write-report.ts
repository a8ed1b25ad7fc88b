/**
 * Draws a run or a duet into its folder and says on stdout what came out. The views are loaded where a report is made: no
 * other command should wait for them.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { styleText } from 'node:util';
import { filesOf, printed } from '../../../reports/outputs/outputs.ts';
import type { Report } from '../../../reports/view/report.ts';
import type { DuetComparison } from '../../results/schema/comparison.ts';
import { formatValue } from '../../analysis/text/format.ts';
import type { Summary } from '../../results/schema/summary.ts';
import type { Run } from '../../results/run.ts';
import type { RunManifest, TimeSpent } from '../../results/schema/run.ts';
import { jsonText, writeFileDurably } from '../../results/files.ts';
import type { RunFolder } from '../../results/folder.ts';
import { formatDuration } from '../../scenario/duration.ts';
import type { Io } from '../io.ts';
import type { ReportFormat } from '../options/shared.ts';

/** Writes the files of a run's report; prints it, and in text where the time went and where the page is. */
export async function writeReport(
  { folder, run, summary }: { readonly folder: RunFolder; readonly run: Run; readonly summary: Summary },
  format: ReportFormat,
  io: Io,
): Promise<void> {
  const begin = performance.now();
  const { reportOfRun } = await import('../../../reports/view/report.ts');
  const report = reportOfRun(run, summary);
  await writeFiles(folder, report);
  const reportMs = performance.now() - begin;
  const timeSpent = run.manifest.timeSpent && { ...run.manifest.timeSpent, reportMs };
  if (timeSpent) writeFileDurably(folder.manifest, jsonText({ ...run.manifest, timeSpent }));
  const { estimatedMs } = run.manifest;
  const costs = timeSpent ? `\n${describeTime(timeSpent, estimatedMs)}\n${describeMemory(run)}\n` : '';
  await print(folder, report, format, costs, io);
}

/** Writes the files of a duet's report; prints it, and in text where the page is. */
export async function writeDuetReport(
  {
    folder,
    comparison,
    manifest,
  }: { readonly folder: RunFolder; readonly comparison: DuetComparison; readonly manifest: RunManifest },
  format: ReportFormat,
  io: Io,
): Promise<void> {
  const { reportOfDuet } = await import('../../../reports/view/report.ts');
  const report = reportOfDuet(comparison, manifest.commandLine);
  await writeFiles(folder, report);
  await print(folder, report, format, '\n', io);
}

async function writeFiles(folder: RunFolder, report: Report): Promise<void> {
  for await (const [name, text] of filesOf(report)) {
    const path = join(folder.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileDurably(path, text);
  }
}

/** `more`: what stands in text between the report and the path of its page. */
async function print(
  folder: RunFolder,
  report: Report,
  format: ReportFormat,
  more: string,
  io: Io,
): Promise<void> {
  io.out(await printed(report, format, io.columns));
  if (format !== 'text') return;
  const page = relative(process.cwd(), join(folder.path, 'report.html'));
  io.out(`${more}report: ${styleText('bold', page)}\n`);
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

/** One line: where the time of the run went, and how long it had been expected to take. */
function describeTime(spent: TimeSpent, estimatedMs: number | undefined): string {
  const phases = ['spawn', 'ready', 'prepare', 'load', 'stop', 'between', 'report'] as const;
  const parts = phases.map((name) => `${name} ${formatDuration(spent[`${name}Ms`])}`);
  const total = formatDuration(spent.totalMs + spent.reportMs);
  const expected = estimatedMs === undefined ? '' : `estimated ${formatDuration(estimatedMs)}, took `;
  return `time: ${expected}${total} (${parts.join(' · ')})`;
}
