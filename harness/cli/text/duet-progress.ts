/** What a duet says on stderr: its plan, and how it goes on. */
import { formatDuration } from '../../scenario/duration.ts';
import { labelOf } from '../../duet/builds/builds.ts';
import type { DuetPlan } from '../../results/schema/duet-plan.ts';
import type { DuetEvent } from '../../duet/procedure.ts';
import { liveLine, type Io } from '../io.ts';

/** Start, readiness and end of the two arms of a launch, in ms: the order of magnitude of two node processes. */
const LIFE_OF_A_LAUNCH_MS = 500;

/** Share of the time for a held load that one takes. */
const USUAL_HELD = 0.4;

/** What will be compared and how long that may take. */
export function describeDuet(plan: DuetPlan): string {
  const { rule, subjects, gates, launches } = plan;
  const [first] = rule.analyses;
  const total = launches.length;
  const untilFirst = launches.filter(({ round }) => round <= (first?.launches ?? 0)).length;
  const lines = [
    `base ${labelOf(plan.base)}`,
    `head ${labelOf(plan.head)}${plan.identical ? ' – the same build: this is an A/A' : ''}`,
    ...subjects.map(
      ({ name, arrangement, arrangedBecause }) =>
        `${name} ${arrangement === 'in-turn' ? 'in turn' : 'side by side'} (${arrangedBecause})`,
    ),
    `${gates.length} gates; interim analyses after ${rule.analyses.map((each) => each.launches).join(', ')} launches of each; ` +
      `${formatDuration(estimateMs(plan.timing, subjects, untilFirst))} to the first, ${formatDuration(estimateMs(plan.timing, subjects, total))} at most`,
  ];
  return lines.join('\n');
}

/** Time of so many launches over all subjects, in ms, to the nearest second. */
export function estimateMs(
  { holdMs, warmupMs, settleMs, sliceMs, slices }: DuetPlan['timing'],
  subjects: DuetPlan['subjects'],
  launches: number,
): number {
  const perLaunch = subjects.map((subject) => {
    const turns = subject.arrangement === 'in-turn' ? 2 : 1;
    // Most held loads end as soon as all connections are made.
    const held = subject.kind === 'server' && subject.holdClients !== null ? holdMs * USUAL_HELD : 0;
    return LIFE_OF_A_LAUNCH_MS + turns * (held + warmupMs + slices * (settleMs + sliceMs));
  });
  const mean = perLaunch.reduce((sum, ms) => sum + ms, 0) / Math.max(1, perLaunch.length);
  return Math.round((mean * launches) / 1000) * 1000;
}

/** Follows a duet: a live line on a terminal, and one line for each interim analysis. */
export function duetProgress(plan: DuetPlan, io: Io, quiet: boolean): (event: DuetEvent) => void {
  if (quiet) return () => {};
  return (event) => {
    switch (event.kind) {
      case 'launch-started': {
        const { round, subject, contrast } = event.launch;
        const rounds = plan.rule.analyses.at(-1)?.launches ?? 0;
        liveLine(
          io,
          `  launch ${round} of at most ${rounds}  ${subject}${contrast === 'control' ? ' (control)' : ''}`,
        );
        return;
      }
      case 'launch-ended': {
        if (event.record.status === 'completed') return;
        const { launch, reason, attempt } = event.record;
        liveLine(io, '');
        const what = attempt === 1 ? 'failed and is repeated' : 'failed again and is left out';
        io.err(`launch ${launch.round} of ${launch.subject} ${what}: ${reason}\n`);
        return;
      }
      case 'analysed': {
        const { number, launches, decision } = event.outcome;
        liveLine(io, '');
        const next = decision.next ? `; on to ${decision.next.launches} launches` : '';
        io.err(`interim analysis ${number} after ${launches} launches: ${decision.verdict}${next}\n`);
      }
    }
  };
}
