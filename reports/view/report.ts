/** The three kinds of reports, each with all that is shown of it. */
import type { Comparison, DuetComparison } from '../../harness/results/schema/comparison.ts';
import type { Summary } from '../../harness/results/schema/summary.ts';
import type { Run } from '../../harness/results/run.ts';
import type { ReportView } from './view.ts';
import { buildView } from './build.ts';
import { changesView, type ChangesView } from './changes.ts';
import { duetView, type DuetView } from './duet.ts';

/** A run (with its comparison with another, where there is one), two runs compared, or a duet. */
export type Report =
  | { readonly kind: 'run'; readonly summary: Summary; readonly view: ReportView }
  | { readonly kind: 'comparison'; readonly comparison: Comparison; readonly view: ChangesView }
  | { readonly kind: 'duet'; readonly comparison: DuetComparison; readonly view: DuetView };

/** `comparison`: of this run, as the head, with another; or of the two builds that it measured in turn. */
export function reportOfRun(run: Run, summary: Summary, comparison?: Comparison): Report {
  return { kind: 'run', summary, view: buildView(run, summary, comparison) };
}

export function reportOfComparison(comparison: Comparison): Report {
  return { kind: 'comparison', comparison, view: changesView(comparison) };
}

/** `commandLine`: with which the duet was measured. */
export function reportOfDuet(comparison: DuetComparison, commandLine: readonly string[]): Report {
  return { kind: 'duet', comparison, view: duetView(comparison, commandLine) };
}
