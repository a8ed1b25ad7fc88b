import type { DuetRule, InterimAnalysis } from '../../../results/schema/duet-plan.ts';
import type { Evidence, Verdict } from '../../../results/schema/comparison.ts';
import { holm } from '../tests/holm.ts';
import { signedRankTest } from '../tests/signed-rank.ts';
import { decideFailures, type FailureSamples, type FailureVerdict } from './failure-decision.ts';
import {
  hodgesLehmann,
  oneSidedBounds,
  walshAverages,
  walshMedian,
  type WalshAverages,
} from '../estimators/hodges-lehmann.ts';

/** The default rule. */
export const USUAL_RULE: DuetRule = {
  delta: 0.03,
  margin: 0.05,
  analyses: [
    { launches: 12, alpha: 0.01 },
    { launches: 18, alpha: 0.015 },
    { launches: 24, alpha: 0.025 },
  ],
};

/** The figures of one gate so far. */
export interface GateSamples {
  readonly name: string;
  /**
   * One figure per launch that was completed: the mean of ln(head/base) over its slices, signed so that above 0 is worse;
   * NaN where the launch does not carry the metric.
   */
  readonly d: readonly number[];
  /** The rule's own unless set. */
  readonly delta?: number;
  readonly margin?: number;
  /** Why the metric cannot be judged: a validity check failed, or the control shows an effect. */
  readonly invalid?: string;
}

/** What decided a verdict, besides its {@link Evidence}; limits are relative. */
export type GateReason =
  /** The effect is at least delta and significant: a regression or an improvement. */
  | { readonly kind: 'effect'; readonly delta: number; readonly alpha: number }
  /** The upper bound lies inside the margin: no change. */
  | { readonly kind: 'bound'; readonly margin: number; readonly alpha: number }
  /** Neither: inconclusive. */
  | { readonly kind: 'undecided'; readonly delta: number; readonly alpha: number }
  /** Completed launches lack the metric, or half of the launches or more were not completed. */
  | { readonly kind: 'incomplete'; readonly measured: number; readonly launches: number }
  /** The caller ruled the gate out. */
  | { readonly kind: 'ruled-out'; readonly why: string };

/** Effects are ratios of head to base, turned so that above 1 is worse: 1.05 is 5 % worse. */
export interface GateVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  readonly reason: GateReason;
  /** Launches that carried the metric. */
  readonly n: number;
  /** Which interim analysis this was, from 1. */
  readonly look: number;
  /** What the launches show; null when invalid. */
  readonly evidence: Evidence | null;
}

/** All gates at one interim analysis. */
export interface DuetDecision {
  readonly gates: readonly GateVerdict[];
  /** Of each subject, in the order given. */
  readonly failures: readonly FailureVerdict[];
  /** The gravest of all verdicts; `invalid` without gates, because nothing was judged. */
  readonly verdict: Verdict;
  /** The next interim analysis; null when the comparison is decided or this was the last. */
  readonly next: InterimAnalysis | null;
}

/**
 * Judges all gates at one interim analysis.
 *
 * - **regression**: Holm-adjusted one-sided p ≤ the alpha of this analysis, and estimated effect ≥ delta. The p
 *   alone would raise the alarm over negligible differences, the size alone over noise.
 * - **improvement**: the same in the other direction.
 * - **no-change**: the one-sided upper bound at 1 − alpha lies below the margin; the absence of an alarm is not
 *   enough. Each analysis has its own part of alpha: a bound of 95 % at every one would declare safe an effect as
 *   large as the margin in up to three times 5 % of comparisons.
 * - **inconclusive**: none of these.
 * - **invalid**: ruled out by the caller, a completed launch lacks the metric, or half of the launches or more failed. It
 *   stays in Holm's family with p = 1, so that losing a metric makes no other more significant.
 *
 * Launches that failed have no figure in any gate; they are judged by {@link decideFailures}, a gate of its own.
 *
 * Holm within an analysis, and alphas that add up over the analyses (Bonferroni), bound the probability of any
 * false alarm in the whole comparison, however metrics and analyses depend on each other. The comparison ends when
 * every gate is decided, or at the first regression: no later launch takes an alarm back.
 *
 * @param failed what failed, by subject
 * @param launches number made so far: that of one of the rule's interim analyses
 * @throws RangeError when the rule has no analysis after that many launches, or a gate has more figures than
 *   launches
 */
export function decideDuet(
  samples: readonly GateSamples[],
  launches: number,
  rule: DuetRule = USUAL_RULE,
  failed: readonly FailureSamples[] = [],
): DuetDecision {
  const at = rule.analyses.findIndex((each) => each.launches === launches);
  const analysis = rule.analyses[at];
  if (!analysis) {
    const planned = rule.analyses.map((each) => each.launches).join(', ');
    throw new RangeError(`the rule has interim analyses after ${planned} launches, not after ${launches}`);
  }
  const { alpha } = analysis;
  const obstacles = samples.map((gate) => obstacleOf(gate, launches));
  const tests = samples.map(({ d }, i) => (obstacles[i] === null ? signedRankTest(d) : null));
  const worse = holm(tests.map((test) => test?.pGreater ?? 1));
  const better = holm(tests.map((test) => test?.pLess ?? 1));
  const gates = samples.map((gate, i): GateVerdict => {
    const { name, d, delta = rule.delta, margin = rule.margin } = gate;
    const common = { name, n: d.length, look: at + 1 };
    const test = tests[i];
    if (!test) return { ...common, verdict: 'invalid', reason: obstacles[i]!, evidence: null };
    const evidence = evidenceOf(d, {
      raw: { worse: test.pGreater, better: test.pLess },
      adjusted: { worse: worse[i]!, better: better[i]! },
      alpha,
      gates: samples.length,
      delta,
    });
    return { ...common, ...judge(evidence, delta, margin, alpha), evidence };
  });
  const failures = decideFailures(failed, alpha);
  const all = [...gates, ...failures].map(({ verdict }) => verdict);
  const verdict = gates.length === 0 ? 'invalid' : gravest(all);
  const undecided = verdict !== 'regression' && all.includes('inconclusive');
  return { gates, failures, verdict, next: undecided ? (rule.analyses[at + 1] ?? null) : null };
}

/**
 * The first gate in which a build compared with a copy of itself shows an effect, if any: nothing measured with
 * that rig can then be judged.
 */
export function effectInControl(control: DuetDecision): GateVerdict | undefined {
  return control.gates.find(({ verdict }) => verdict === 'regression' || verdict === 'improvement');
}

function obstacleOf({ name, d, invalid }: GateSamples, launches: number): GateReason | null {
  if (d.length > launches) throw new RangeError(`${name} has ${d.length} figures of ${launches} launches`);
  if (invalid !== undefined) return { kind: 'ruled-out', why: invalid };
  const measured = d.filter(Number.isFinite).length;
  return measured < d.length || 2 * measured <= launches ? { kind: 'incomplete', measured, launches } : null;
}

function judge(
  { effect, pAdjusted, upperBound }: Evidence,
  delta: number,
  margin: number,
  alpha: number,
): Pick<GateVerdict, 'verdict' | 'reason'> {
  const significant = { kind: 'effect', delta, alpha } as const;
  if (pAdjusted <= alpha && effect >= 1 + delta) return { verdict: 'regression', reason: significant };
  if (pAdjusted <= alpha && effect <= 1 / (1 + delta)) return { verdict: 'improvement', reason: significant };
  return upperBound !== null && upperBound < 1 + margin
    ? { verdict: 'no-change', reason: { kind: 'bound', margin, alpha } }
    : { verdict: 'inconclusive', reason: { kind: 'undecided', delta, alpha } };
}

const GRAVEST_FIRST: readonly Verdict[] = [
  'regression',
  'invalid',
  'inconclusive',
  'improvement',
  'no-change',
];

function gravest(verdicts: readonly Verdict[]): Verdict {
  return GRAVEST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'invalid';
}

/** One-sided p-values of one gate. */
export interface OneSided {
  readonly worse: number;
  readonly better: number;
}

const DETECTABLE_POWER = 0.8;

/** Input of {@link evidenceOf} for one gate at one interim analysis. */
export interface Question {
  /** Signed-rank p-values before Holm's adjustment, and after it. */
  readonly raw: OneSided;
  readonly adjusted: OneSided;
  /** False-alarm probability spent at this analysis. */
  readonly alpha: number;
  readonly gates: number;
  /** Smallest relative effect worth an alarm. */
  readonly delta: number;
}

/**
 * Evidence about one gate, as ratios.
 *
 * @param d log ratios, one per launch; at least one, finite
 */
export function evidenceOf(d: readonly number[], question: Question): Evidence {
  const { raw, adjusted, alpha, gates, delta } = question;
  const { estimate, interval } = hodgesLehmann(d);
  const direction = estimate >= 0 ? 'worse' : 'better';
  const walsh = walshAverages(d);
  const upper = oneSidedBounds(walsh, 1 - alpha);
  return {
    effect: Math.exp(estimate),
    interval: interval && { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) },
    upperBound: upper && Math.exp(upper.high),
    p: raw[direction],
    pAdjusted: adjusted[direction],
    smallestDetectable: smallestDetectable(walsh, delta, alpha / gates),
  };
}

/**
 * The smallest effect detected with {@link DETECTABLE_POWER}: the usual sum of two distances, from the exact bounds
 * instead of a normal distribution. The first is how far the estimate must lie above zero for an alarm at Holm's
 * strictest p (or delta, if larger), the second how far it may fall below the truth.
 */
function smallestDetectable(walsh: WalshAverages, delta: number, strictest: number): number | null {
  const alarm = oneSidedBounds(walsh, 1 - strictest);
  const chance = oneSidedBounds(walsh, DETECTABLE_POWER);
  if (!alarm || !chance) return null;
  const centre = walshMedian(walsh);
  return Math.exp(Math.max(Math.log1p(delta), centre - alarm.low) + (centre - chance.low));
}
