/** From a run and its summary to everything that people read of it. Pure: no clock, no disk, no process. */
import type { Comparison } from '../../harness/results/schema/comparison.ts';
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import { summaryCsv } from './csv.ts';
import { reportPage } from '../html/page.ts';
import { reportMarkdown } from './markdown.ts';
import { chartFiles } from './svg.ts';
import { buildView } from '../view/build.ts';

export { terminalTable } from './terminal.ts';

/** Files of a report by name, and every chart as a picture of its own. */
export interface RenderedReport {
  readonly 'report.html': string;
  readonly 'summary.md': string;
  readonly 'summary.csv': string;
  readonly charts: Readonly<Record<`${string}.svg`, string>>;
}

/** `comparison`: of this run, as the head, with another; or of the two builds that it measured in turn. */
export function renderRun(run: Run, summary: Summary, comparison?: Comparison): RenderedReport {
  const view = buildView(run, summary, comparison);
  return {
    'report.html': reportPage(view),
    'summary.md': reportMarkdown(view),
    'summary.csv': summaryCsv(summary),
    charts: chartFiles(view),
  };
}
