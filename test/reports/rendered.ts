/** Reports as they are written and printed. */
import type { Comparison } from '../../harness/results/schema/comparison.ts';
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import { filesOf, printed } from '../../reports/outputs/outputs.ts';
import { reportOfRun, type Report } from '../../reports/view/report.ts';

/** The files of a run's report by path. */
export async function renderRun(
  run: Run,
  summary: Summary,
  comparison?: Comparison,
): Promise<Record<'report.html' | 'summary.md' | 'summary.csv', string> & Readonly<Record<string, string>>> {
  const {
    'report.html': page = '',
    'summary.md': markdown = '',
    'summary.csv': csv = '',
    ...rest
  } = await renderFiles(reportOfRun(run, summary, comparison));
  return { ...rest, 'report.html': page, 'summary.md': markdown, 'summary.csv': csv };
}

export async function renderFiles(report: Report): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const [path, text] of filesOf(report)) files[path] = text;
  return files;
}

/** What stdout shows after a run. */
export async function terminalTable(run: Run, summary: Summary, columns: number): Promise<string> {
  return await printed(reportOfRun(run, summary), 'text', columns);
}

/** The texts of the charts. */
export function pictures(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([path, text]) => (path.startsWith('charts/') ? [text] : []));
}

/** The page without script and style, whose text is tested where it is made, and without the hashes of both. */
export function withoutScript(page: string): string {
  return page
    .replace(/<script>[^]*?<\/script>/g, '<script>…</script>')
    .replace(/<style>[^]*?<\/style>/, '<style>…</style>')
    .replace(/'sha256-[^']*'/g, "'sha256-…'");
}
