/** The sequential procedure: rounds of launches, an interim analysis where the rule has one, and an end as soon as all is decided. */
import type { Journal } from '../results/journal.ts';
import { analyse, type AnalysisOutcome, type DuetCourse } from './judgement/analysis.ts';
import type {
  DuetPlan,
  PlannedLaunch,
  Subject,
  LaunchOutcome,
  LaunchRecord,
} from '../results/schema/duet-plan.ts';

/** What the procedure tells while it runs. */
export type DuetEvent =
  | { readonly kind: 'launch-started'; readonly launch: PlannedLaunch; readonly attempt: number }
  | { readonly kind: 'launch-ended'; readonly record: LaunchRecord; readonly made: number }
  | { readonly kind: 'analysed'; readonly outcome: AnalysisOutcome };

/** Makes one launch of a subject; only defects and an abort are thrown. */
export type Measure = (launch: PlannedLaunch, subject: Subject) => Promise<LaunchOutcome>;

export interface DuetProcedure {
  readonly plan: DuetPlan;
  /** Injected, so that the procedure can be tested without a process. */
  readonly measure: Measure;
  readonly journal: Pick<Journal, 'append'>;
  readonly onEvent: (event: DuetEvent) => void;
  /** Monotonic ms. */
  readonly now: () => number;
}

/**
 * A launch that fails is made again so that the other gates have their figures: a busy machine now and then stalls one. The
 * failure counts all the same, and a launch that fails again is left out.
 */
const MOST_ATTEMPTS = 2;

/** Runs the plan until it is decided, the interim analyses are used up, or the signal aborts. */
export async function runDuet(procedure: DuetProcedure, signal: AbortSignal): Promise<DuetCourse> {
  const { plan, onEvent } = procedure;
  const course = {
    records: [] as LaunchRecord[],
    analyses: [] as AnalysisOutcome[],
  };
  const startedMs = procedure.now();
  const queue = [...plan.launches];
  for (const [i, { launches }] of plan.rule.analyses.entries()) {
    while (queue[0] !== undefined && queue[0].round <= launches) {
      const launch = queue.shift() as PlannedLaunch;
      const done = await makeLaunch(procedure, launch, course.records, startedMs, signal);
      if (!done) return { ...course, aborted: true };
    }
    const outcome = analyse(plan, course.records, i + 1, launches);
    course.analyses.push(outcome);
    onEvent({ kind: 'analysed', outcome });
    if (outcome.decision.next === null) break;
  }
  return { ...course, aborted: false };
}

/** Makes a launch, once more where it failed. @returns false when aborted */
async function makeLaunch(
  { plan, measure, journal, onEvent, now }: DuetProcedure,
  launch: PlannedLaunch,
  records: LaunchRecord[],
  startedMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const subject = plan.subjects.find(({ name }) => name === launch.subject);
  if (!subject) throw new Error(`plan: launch ${launch.index} names a subject that the plan does not hold`);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    if (signal.aborted) return false;
    onEvent({ kind: 'launch-started', launch, attempt });
    const begin = now();
    let outcome: LaunchOutcome;
    try {
      outcome = await measure(launch, subject);
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
    const record: LaunchRecord = {
      schema: 2,
      launch,
      attempt,
      startedMs: begin - startedMs,
      tookMs: now() - begin,
      ...outcome,
    };
    journal.append(record);
    records.push(record);
    onEvent({ kind: 'launch-ended', record, made: records.length });
    if (record.status === 'completed') break;
  }
  return true;
}
