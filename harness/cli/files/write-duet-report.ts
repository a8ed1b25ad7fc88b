/** Draws a duet into its folder and says on stdout what came out. */
import { join, relative } from 'node:path';
import { styleText } from 'node:util';
import { duetMarkdown } from '../../../reports/outputs/duet-markdown.ts';
import { duetText } from '../../../reports/outputs/duet-text.ts';
import { duetView } from '../../../reports/view/duet.ts';
import type { DuetComparison } from '../../results/schema/comparison.ts';
import { writeFileDurably } from '../../results/files.ts';
import type { RunFolder } from '../../results/folder.ts';
import type { RunManifest } from '../../results/schema/run.ts';
import type { Io } from '../io.ts';
import { jsonText } from './run-record.ts';

export interface DrawnDuet {
  readonly folder: RunFolder;
  readonly comparison: DuetComparison;
  readonly manifest: RunManifest;
}

/** Writes page and Markdown; prints the table, the JSON or the Markdown, and where the report is. */
export async function writeDuetReport(
  { folder, comparison, manifest }: DrawnDuet,
  format: 'text' | 'json' | 'markdown',
  io: Io,
): Promise<void> {
  // Loaded here: Vega takes a while, and no other command should wait for it.
  const { duetPage } = await import('../../../reports/html/duet.ts');
  const view = duetView(comparison, manifest.commandLine);
  const markdown = duetMarkdown(view);
  writeFileDurably(join(folder.path, 'report.html'), duetPage(view));
  writeFileDurably(join(folder.path, 'summary.md'), markdown);
  switch (format) {
    case 'json':
      io.out(jsonText(comparison));
      break;
    case 'markdown':
      io.out(markdown);
      break;
    case 'text':
      io.out(duetText(view));
      io.out(`\nreport: ${styleText('bold', relative(process.cwd(), join(folder.path, 'report.html')))}\n`);
  }
}
