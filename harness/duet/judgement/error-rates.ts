/** How often the procedure errs on launches like these: measured on the control of the very same duet. */
import { resampledLaunches, simulateDuet } from '../../analysis/statistics/duet/duet-simulation.ts';
import type { ErrorRates } from '../../results/schema/comparison.ts';
import type { DuetPlan } from '../../results/schema/duet-plan.ts';
import type { DuetCourse } from './analysis.ts';
import { gateSamples } from './samples.ts';

/** Whole comparisons that are simulated for each rate. */
const REPETITIONS = 300;
/** Fewer launches say too little of what launches are like. */
const FEWEST = 8;
/** Injected slowdowns, as ratios. */
const EFFECTS = [1.05, 1.1] as const;

/**
 * Draws whole comparisons from the control's launches (of an A/A, from its own): without a difference for the false
 * alarms, and with a slowdown in the first gate of each subject for the power.
 *
 * A gate's launches stay together with those of the other gates of the same round, so that what moves together does
 * so here.
 *
 * @returns null with too few launches, or none of the same build against itself
 */
export function errorRatesOf(plan: DuetPlan, { records }: Pick<DuetCourse, 'records'>): ErrorRates | null {
  if (!plan.control && !plan.identical) return null;
  const samples = gateSamples(plan, records, plan.control ? 'control' : 'head', Infinity);
  const rounds = Math.min(...samples.map(({ d }) => d.length));
  const launches = Array.from({ length: rounds }, (_, i) => samples.map(({ d }) => d[i]!)).filter((row) =>
    row.every(Number.isFinite),
  );
  if (launches.length < FEWEST) return null;
  const { gates, rule, seed } = plan;
  const simulate = (effects: readonly number[]) =>
    simulateDuet({
      gates,
      launch: resampledLaunches(launches, effects),
      rule,
      repetitions: REPETITIONS,
      seed,
    });
  const firsts = plan.subjects.map(({ name }) => gates.findIndex(({ subject }) => subject === name));
  return {
    repetitions: REPETITIONS,
    launches: launches.length,
    falseAlarms: simulate(gates.map(() => 1)).comparisons.regression,
    power: firsts
      .filter((at) => at >= 0)
      .flatMap((at) =>
        EFFECTS.map((effect) => ({
          gate: gates[at]!.name,
          effect,
          found: simulate(gates.map((_, i) => (i === at ? effect : 1))).gates[at]!.verdicts.regression,
        })),
      ),
  };
}
