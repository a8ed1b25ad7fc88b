/** The sequential procedure: rounds of launches, an interim analysis where the rule has one, and an end as soon as all is decided. */
import type { Journal } from '../results/journal.ts';
import { analyse, type AnalysisOutcome, type DuetCourse } from './judgement/analysis.ts';
import type {
  DuetPlan,
  PlannedLaunch,
  Subject,
  FailedLaunch,
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
 * Launches that fail are made again: for each subject, so many for every one that was planned. Beyond that the subject
 * cannot be judged. A busy machine now and then stalls a launch; a build that fails more often than that is broken.
 */
const REPEATED_SHARE = 0.5;

/** Runs the plan until it is decided, the interim analyses are used up, or the signal aborts. */
export async function runDuet(procedure: DuetProcedure, signal: AbortSignal): Promise<DuetCourse> {
  const { plan, onEvent } = procedure;
  const course = {
    records: [] as LaunchRecord[],
    analyses: [] as AnalysisOutcome[],
    obstacles: new Map<string, string>(),
  };
  const startedMs = procedure.now();
  const queue = [...plan.launches];
  for (const [i, { launches }] of plan.rule.analyses.entries()) {
    while (queue[0] !== undefined && queue[0].round <= launches) {
      const launch = queue.shift() as PlannedLaunch;
      if (course.obstacles.has(launch.subject)) continue;
      const done = await launchUntilItCounts(procedure, launch, course, startedMs, signal);
      if (!done) return { ...course, aborted: true };
    }
    const outcome = analyse(plan, course.records, course.obstacles, i + 1, launches);
    course.analyses.push(outcome);
    onEvent({ kind: 'analysed', outcome });
    if (outcome.decision.next === null) break;
  }
  return { ...course, aborted: false };
}

/** Makes a launch until it succeeds or its subject is given up. @returns false when aborted */
async function launchUntilItCounts(
  { plan, measure, journal, onEvent, now }: DuetProcedure,
  launch: PlannedLaunch,
  { records, obstacles }: { readonly records: LaunchRecord[]; readonly obstacles: Map<string, string> },
  startedMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const subject = plan.subjects.find(({ name }) => name === launch.subject);
  if (!subject) throw new Error(`plan: launch ${launch.index} names a subject that the plan does not hold`);
  for (let attempt = 1; ; attempt++) {
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
    if (record.status === 'completed') return true;
    const why = givenUpBecause(plan, records, record);
    if (why !== undefined) {
      obstacles.set(launch.subject, why);
      return true;
    }
  }
}

/** Why a subject is given up after its last failure; undefined while it may be tried again. */
function givenUpBecause(
  { launches }: DuetPlan,
  records: readonly LaunchRecord[],
  { launch: { subject, contrast }, arm, reason }: FailedLaunch,
): string | undefined {
  const failures = records.filter(
    ({ status, launch }) => status === 'failed' && launch.subject === subject,
  ).length;
  const planned = launches.filter((each) => each.subject === subject).length;
  if (failures <= planned * REPEATED_SHARE) return undefined;
  const who = arm === 'head' && contrast === 'control' ? 'copy of the base' : arm;
  return `${failures} launches failed. The last failure (${who}): ${reason}`;
}
