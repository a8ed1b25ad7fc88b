/** The figures behind a report, for programs. */
import { jsonText } from '../../harness/results/files.ts';
import type { Report } from '../view/report.ts';
import type { Output } from './output.ts';

export const json = {
  // The comparison of a duet is written with its launches, whether a report is drawn or not.
  files: (report: Report) => (report.kind === 'run' ? { 'summary.json': jsonText(report.summary) } : {}),
  print: (report: Report) => jsonText(report.kind === 'run' ? report.summary : report.comparison),
} satisfies Output;
