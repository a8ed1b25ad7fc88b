/** The sequential procedure: rounds of launches, a look where the rule has one, and an end as soon as all is decided. */
import { decideDuet, effectInControl, type DuetDecision } from '../analysis/statistics/duet/duet-decision.ts';
import type { Journal } from '../results/files.ts';
import type { DuetPlan, PlannedLaunch, Subject } from './planning/plan.ts';
import type { LaunchOutcome, LaunchRecord } from './records.ts';
import { gateSamples, type Obstacles } from './judgement/samples.ts';

/** What the procedure tells while it runs. */
export type DuetEvent =
  | { readonly kind: 'launch-started'; readonly launch: PlannedLaunch; readonly attempt: number }
  | { readonly kind: 'launch-ended'; readonly record: LaunchRecord; readonly made: number }
  | { readonly kind: 'looked'; readonly at: LookTaken };

/** One look: what was decided, and what the control showed. */
export interface LookTaken {
  /** From 1. */
  readonly number: number;
  readonly launches: number;
  readonly decision: DuetDecision;
  /** The base against its copy; null where there is no control, as where the comparison is its own. */
  readonly control: DuetDecision | null;
}

/** How far the duet came. */
export interface DuetCourse {
  readonly records: readonly LaunchRecord[];
  readonly looks: readonly LookTaken[];
  /** Stopped from outside before it was decided. */
  readonly aborted: boolean;
  /** Subjects that could not be measured, with the reason. */
  readonly obstacles: Obstacles;
}

export interface DuetProcedure {
  readonly plan: DuetPlan;
  /** Makes one launch; injected, so that the procedure can be tested without a process. */
  readonly measure: (launch: PlannedLaunch, subject: Subject) => Promise<LaunchOutcome>;
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

/** Runs the plan until it is decided, the looks are used up, or the signal aborts. */
export async function runDuet(procedure: DuetProcedure, signal: AbortSignal): Promise<DuetCourse> {
  const { plan, onEvent } = procedure;
  const course = {
    records: [] as LaunchRecord[],
    looks: [] as LookTaken[],
    obstacles: new Map<string, string>(),
  };
  const startedMs = procedure.now();
  const queue = [...plan.launches];
  for (const [i, { launches }] of plan.rule.looks.entries()) {
    while (queue[0] !== undefined && queue[0].round <= launches) {
      const launch = queue.shift() as PlannedLaunch;
      if (course.obstacles.has(launch.subject)) continue;
      const done = await launchUntilItCounts(procedure, launch, course, startedMs, signal);
      if (!done) return { ...course, aborted: true };
    }
    const at = look(plan, course.records, course.obstacles, i + 1, launches);
    course.looks.push(at);
    onEvent({ kind: 'looked', at });
    if (at.decision.next === null) break;
  }
  return { ...course, aborted: false };
}

/** Judges what has been measured at one look. Pure. */
export function look(
  plan: DuetPlan,
  records: readonly LaunchRecord[],
  obstacles: Obstacles,
  number: number,
  launches: number,
): LookTaken {
  const { rule } = plan;
  const control = plan.control
    ? decideDuet(gateSamples(plan, records, 'control', launches, obstacles), launches, rule)
    : null;
  const samples = gateSamples(plan, records, 'head', launches, obstacles);
  const first = decideDuet(samples, launches, rule);
  const untrusted = plan.identical ? differenceOfEquals(first) : control && effectInControl(control);
  const decision =
    untrusted === null
      ? first
      : decideDuet(
          samples.map((gate) => ({ ...gate, invalid: gate.invalid ?? sentence(untrusted) })),
          launches,
          rule,
        );
  return { number, launches, decision, control };
}

/** The same builds were found to differ: the sentence against judging anything, or null. */
function differenceOfEquals(decision: DuetDecision): string | null {
  const shown = effectInControl(decision);
  return shown && `both arms are the same build, and yet ${shown}`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}: nothing that was measured beside it can be trusted`;
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
      schema: 1,
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
    const failures = records.filter(
      (each) => each.status === 'failed' && each.launch.subject === launch.subject,
    ).length;
    const planned = plan.launches.filter((each) => each.subject === launch.subject).length;
    if (failures > planned * REPEATED_SHARE) {
      obstacles.set(
        launch.subject,
        `${failures} launches failed, the last for this reason (${sideName(record.side, launch)}): ${record.reason}`,
      );
      return true;
    }
  }
}

function sideName(side: 'base' | 'other' | 'both', { contrast }: PlannedLaunch): string {
  if (side === 'other') return contrast === 'head' ? 'head' : 'copy of the base';
  return side;
}
