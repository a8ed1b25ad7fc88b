/** From records of launches to the figures that are judged: one log ratio per launch and gate. Pure. */
import type { GateSamples } from '../../analysis/statistics/duet/duet-decision.ts';
import type {
  Contrast,
  DuetPlan,
  PlannedGate,
  ArmFigures,
  CompletedLaunch,
  LaunchRecord,
} from '../../results/schema/duet-plan.ts';

/**
 * The samples of every gate over the first rounds, in the order of the rounds; a launch that failed has none.
 *
 * A launch that does not carry a gate's metric gives NaN there, which the decision takes as what it is: not measured.
 */
export function gateSamples(
  plan: Pick<DuetPlan, 'gates'>,
  records: readonly LaunchRecord[],
  contrast: Contrast,
  rounds: number,
): GateSamples[] {
  return plan.gates.map((gate) => {
    const launches = completedLaunches(records, gate.subject, contrast, rounds);
    return {
      name: gate.name,
      d: launches.map((launch) => logRatio(launch, gate)),
      delta: gate.delta,
      margin: gate.margin,
    };
  });
}

/** The launches of a subject and contrast that count, by round. */
export function completedLaunches(
  records: readonly LaunchRecord[],
  subject: string,
  contrast: Contrast,
  rounds = Infinity,
): CompletedLaunch[] {
  return records
    .filter((record) => record.status === 'completed')
    .filter(
      ({ launch }) => launch.subject === subject && launch.contrast === contrast && launch.round <= rounds,
    )
    .toSorted((a, b) => a.launch.round - b.launch.round);
}

/**
 * d of one launch: the mean over its slices of ln(head/base), with the sign turned so that above 0 is worse.
 *
 * @returns NaN where a slice lacks the metric, or has it as 0 or less, of which there is no logarithm
 */
export function logRatio({ base, head }: CompletedLaunch, gate: Pick<PlannedGate, 'metric'>): number {
  const { id, direction } = gate.metric;
  const ratio = meanLog(head, id) - meanLog(base, id);
  return direction === 'higher' ? -ratio : ratio;
}

/** The figure of one arm in one launch: the geometric mean over its slices, NaN where it has none. */
export function armValue(arm: ArmFigures, metric: string): number {
  return Math.exp(meanLog(arm, metric));
}

/** Memory is taken once, while connections are held; everything else in every slice. */
function meanLog({ held, slices }: ArmFigures, metric: string): number {
  const sources = metric === MEMORY && held ? [held] : slices;
  const logs = sources.map((figures) => {
    const value = figures[metric];
    return value !== undefined && value > 0 ? Math.log(value) : Number.NaN;
  });
  return logs.reduce((sum, log) => sum + log, 0) / logs.length;
}

const MEMORY = 'memory-per-connection';
