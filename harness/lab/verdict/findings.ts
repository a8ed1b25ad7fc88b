/** What a check of the verdict shows: error rates of the duets that were made, and of many simulated on them. Pure. */
import { clopperPearson } from '../../analysis/statistics/estimators/interval.ts';
import type { Rate, Verdict } from '../../results/schema/comparison.ts';
import type { DuetRule, PlannedGate } from '../../results/schema/duet-plan.ts';
import type { CheckedDuet } from '../../results/schema/verdict-check.ts';
import { hodgesLehmann } from '../../analysis/statistics/estimators/hodges-lehmann.ts';
import type { Interval } from '../../results/schema/leaves.ts';
import { resampledLaunches, simulateDuet } from '../../analysis/statistics/duet/duet-simulation.ts';

/** Whole comparisons that are simulated for each rate. */
const REPETITIONS = 1000;
const SEED = 1;

/** One case over its repetitions. */
export interface Finding {
  /** Injected, relative; 0 for an A/A. */
  readonly effect: number;
  /** CPU per exchange over all launches of all duets, as a ratio: what came of the injected effect. */
  readonly measured: { readonly effect: number; readonly interval: Interval } | null;
  /** Real duets that ended in a regression: false alarms of an A/A, the power otherwise. */
  readonly real: Rate;
  /** How the others ended, the most frequent first. */
  readonly others: readonly { readonly verdict: Verdict; readonly count: number }[];
  readonly meanLaunches: number;
  readonly longestMs: number;
  /** Simulated on the launches of the A/A duets; null with too few of them. */
  readonly simulated: Rate | null;
}

type Gates = readonly Pick<PlannedGate, 'name' | 'delta' | 'margin'>[];

/**
 * @param gates the family, CPU per exchange first: the slowdown is injected there
 * @returns one finding for every case that has a duet, the A/A first
 */
export function findingsOf(duets: readonly CheckedDuet[], gates: Gates, rule: DuetRule): Finding[] {
  const cases = Map.groupBy(duets, ({ effect }) => effect);
  const recorded = recordedLaunches(cases.get(0) ?? [], gates.length);
  return [...cases]
    .toSorted(([a], [b]) => a - b)
    .map(([effect, of]) => ({
      effect,
      measured: measuredIn(of),
      real: clopperPearson(of.filter(({ verdict }) => verdict === 'regression').length, of.length),
      others: othersOf(of),
      meanLaunches: of.reduce((sum, { launches }) => sum + launches, 0) / of.length,
      longestMs: Math.max(...of.map(({ tookMs }) => tookMs)),
      simulated:
        recorded.length < (rule.analyses[0]?.launches ?? 0) ? null : simulated(recorded, gates, rule, effect),
    }));
}

function measuredIn(duets: readonly CheckedDuet[]): Finding['measured'] {
  const d = duets.flatMap(({ gates }) => gates[0]?.d ?? []);
  if (d.length === 0) return null;
  const { estimate, interval } = hodgesLehmann(d);
  if (!interval) return null;
  return {
    effect: Math.exp(estimate),
    interval: { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) },
  };
}

function othersOf(duets: readonly CheckedDuet[]): Finding['others'] {
  const others = Map.groupBy(
    duets.filter(({ verdict }) => verdict !== 'regression'),
    ({ verdict }) => verdict,
  );
  return [...others]
    .map(([verdict, of]) => ({ verdict, count: of.length }))
    .toSorted((a, b) => b.count - a.count);
}

function simulated(
  recorded: readonly (readonly number[])[],
  gates: Gates,
  rule: DuetRule,
  effect: number,
): Rate {
  const { comparisons } = simulateDuet({
    gates,
    launch: resampledLaunches(
      recorded,
      gates.map((_, i) => (i === 0 ? 1 + effect : 1)),
    ),
    rule,
    repetitions: REPETITIONS,
    seed: SEED,
  });
  return comparisons.regression;
}

/** The launches of all A/A duets, each with its figures of all gates. */
export function recordedLaunches(duets: readonly CheckedDuet[], gates: number): number[][] {
  return duets.flatMap((duet) => {
    const columns = duet.gates.map(({ d }) => d);
    const rounds = Math.min(...columns.map(({ length }) => length));
    if (columns.length !== gates) return [];
    return Array.from({ length: rounds }, (_, i) => columns.map((column) => column[i] as number));
  });
}
