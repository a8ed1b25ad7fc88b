import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { clopperPearson } from '../estimators/interval.ts';
import { type GateSamples, decideDuet, type DuetDecision } from './duet-decision.ts';
import type { Rate, Verdict } from '../../../results/schema/comparison.ts';
import type { DuetRule } from '../../../results/schema/duet-plan.ts';

/** Draws one launch: a log ratio for every gate, in the order of the gates. */
export type LaunchSource = (random: RandomGenerator) => readonly number[];

export interface Simulation {
  readonly gates: readonly Omit<GateSamples, 'd' | 'invalid'>[];
  readonly launch: LaunchSource;
  readonly rule: DuetRule;
  /** Number of simulated comparisons. */
  readonly repetitions: number;
  readonly seed: number;
}

/** How often each verdict was reached, with Clopper–Pearson intervals. */
export type VerdictRates = Readonly<Record<Verdict, Rate>>;

/**
 * Without an injected effect, `regression` is the false-alarm rate. With one in a gate it is the power there, and
 * `no-change` is the rate of misses declared safe.
 */
export interface SimulatedRates {
  /** By the gravest verdict over all gates. */
  readonly comparisons: VerdictRates;
  readonly gates: readonly { readonly name: string; readonly verdicts: VerdictRates }[];
  readonly meanLaunches: number;
}

/** Simulates the whole sequential comparison, interim analyses included. The same seed gives the same figures. */
export function simulateDuet({ gates, launch, rule, repetitions, seed }: Simulation): SimulatedRates {
  const random = xoroshiro128plus(seed);
  const decisions = Array.from({ length: repetitions }, () => compareOnce(gates, rule, () => launch(random)));
  return {
    comparisons: rates(decisions.map(({ verdict }) => verdict)),
    gates: gates.map(({ name }, i) => ({
      name,
      verdicts: rates(decisions.map((decision) => decision.gates[i]!.verdict)),
    })),
    meanLaunches: decisions.reduce((sum, { gates: judged }) => sum + (judged[0]?.n ?? 0), 0) / repetitions,
  };
}

/**
 * Draws recorded launches with replacement, and multiplies an effect into them.
 *
 * A launch is drawn whole, to keep the correlation of its metrics. All its signs are flipped with probability ½
 * (the arms swap places): records of a build against itself have no true difference, and this removes the
 * accidental one of a finite number of records.
 *
 * @param recorded launches of a build against itself: log ratios in the order of the gates
 * @param effects ratio for each gate, 1 for none, above 1 for worse (1.05: 5 % worse)
 * @throws RangeError without records, or when a record does not have a figure for each effect
 */
export function resampledLaunches(
  recorded: readonly (readonly number[])[],
  effects: readonly number[],
): LaunchSource {
  if (recorded.length === 0) throw new RangeError('no recorded launches to draw from');
  if (recorded.some((launch) => launch.length !== effects.length)) {
    throw new RangeError(`every recorded launch needs ${effects.length} figures, one for each effect`);
  }
  const added = effects.map(Math.log);
  return (random) => {
    const drawn = recorded[uniformInt(random, 0, recorded.length - 1)]!;
    const sign = uniformInt(random, 0, 1) === 0 ? 1 : -1;
    return added.map((effect, i) => sign * drawn[i]! + effect);
  };
}

function compareOnce(
  gates: Simulation['gates'],
  rule: DuetRule,
  launch: () => readonly number[],
): DuetDecision {
  const samples = gates.map((gate) => ({ ...gate, d: [] as number[] }));
  let made = 0;
  for (let analysis = rule.analyses[0] ?? null; analysis;) {
    for (; made < analysis.launches; made++) {
      const figures = launch();
      for (const [i, { d }] of samples.entries()) d.push(figures[i]!);
    }
    const decision = decideDuet(samples, made, rule);
    if (!decision.next) return decision;
    analysis = decision.next;
  }
  throw new RangeError('a rule needs at least one interim analysis');
}

function rates(verdicts: readonly Verdict[]): VerdictRates {
  const rate = (verdict: Verdict) =>
    clopperPearson(verdicts.filter((v) => v === verdict).length, verdicts.length);
  return {
    regression: rate('regression'),
    improvement: rate('improvement'),
    'no-change': rate('no-change'),
    inconclusive: rate('inconclusive'),
    invalid: rate('invalid'),
  };
}
