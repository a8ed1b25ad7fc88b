/** What fails of each arm: from records of launches to the samples that are judged, and to what a comparison says. Pure. */
import type { FailureSamples, FailureVerdict } from '../../analysis/statistics/duet/failure-decision.ts';
import { clopperPearson } from '../../analysis/statistics/estimators/interval.ts';
import type { ArmFailures, JudgedFailures } from '../../results/schema/comparison.ts';
import type { ArmFigures, Contrast, DuetPlan, LaunchRecord } from '../../results/schema/duet-plan.ts';
import type { ArmName } from '../launch/arm.ts';
import { failuresInWords } from './phrases.ts';

const BOTH: readonly ArmName[] = ['base', 'head'];

/** Reasons of failures that a comparison names. */
const MOST_REASONS = 3;

/** What failed of every subject over the first rounds, in the order of the plan's subjects. */
export function failureSamples(
  { subjects, control }: Pick<DuetPlan, 'subjects' | 'control'>,
  records: readonly LaunchRecord[],
  rounds: number,
): FailureSamples[] {
  const contrasts: readonly Contrast[] = control ? ['head', 'control'] : ['head'];
  const byLaunch = Map.groupBy(records, ({ launch: { subject, contrast, round } }) =>
    [subject, contrast, round].join('\0'),
  );
  return subjects.map(({ name }) => ({
    rounds: Array.from({ length: rounds }, (_, i) =>
      contrasts.flatMap((contrast) => {
        const own = byLaunch.get([name, contrast, i + 1].join('\0')) ?? [];
        return BOTH.toReversed().map((arm) => own.reduce((sum, record) => sum + failedIn(record, arm), 0));
      }),
    ),
  }));
}

/** 1 for a launch that failed; of one that was completed, the share of its connects and exchanges that did. */
function failedIn(record: LaunchRecord, arm: ArmName): number {
  if (record.status === 'failed') return failedOf(record, arm) ? 1 : 0;
  const { attempts } = record[arm];
  return attempts ? errorsOf(attempts) / Math.max(1, attempts.made) : 0;
}

function failedOf(record: LaunchRecord, arm: ArmName): boolean {
  return record.status === 'failed' && (record.arm === arm || record.arm === 'both');
}

function errorsOf({ failed }: NonNullable<ArmFigures['attempts']>): number {
  return Object.values(failed).reduce((sum, errors) => sum + errors, 0);
}

/** The failures of one subject as a comparison holds them. */
export function judgedFailures(
  { control }: Pick<DuetPlan, 'control'>,
  records: readonly LaunchRecord[],
  subject: string,
  { verdict, reason, pAdjusted }: FailureVerdict,
): JudgedFailures {
  const own = records.filter(({ launch }) => launch.subject === subject);
  const of = (contrast: Contrast, arms: readonly ArmName[]): ArmFailures =>
    armFailures(
      own.filter(({ launch }) => launch.contrast === contrast),
      arms,
    );
  const head = of('head', ['head']);
  const counts = {
    base: of('head', ['base']),
    head,
    control: control ? of('control', BOTH) : null,
    share: clopperPearson(head.failed, Math.max(1, head.launches)).interval,
  };
  const reasons = own.flatMap((record) =>
    record.status === 'failed' && record.launch.contrast === 'head' && failedOf(record, 'head')
      ? [record.reason]
      : [],
  );
  return {
    subject,
    ...counts,
    verdict,
    reason: failuresInWords(reason, pAdjusted, counts),
    pAdjusted,
    reasons: [...new Set(reasons)].slice(0, MOST_REASONS),
  };
}

function armFailures(records: readonly LaunchRecord[], arms: readonly ArmName[]): ArmFailures {
  const sums = { launches: 0, failed: 0, clientsFailed: 0, attempts: 0 };
  const errors: Record<string, number> = {};
  for (const record of records) {
    for (const arm of arms) {
      sums.launches++;
      if (failedOf(record, arm)) {
        sums.failed++;
        sums.clientsFailed += record.status === 'failed' ? (record.clientsFailed ?? 0) : 0;
      }
      const attempts = record.status === 'completed' ? record[arm].attempts : undefined;
      sums.attempts += attempts?.made ?? 0;
      for (const [kind, count] of Object.entries(attempts?.failed ?? {}))
        errors[kind] = (errors[kind] ?? 0) + count;
    }
  }
  return { ...sums, errors };
}
