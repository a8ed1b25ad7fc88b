import { evidenceOf } from './duet-evidence.ts';
import {
  USUAL_RULE,
  type DuetRule,
  type Evidence,
  type GateSamples,
  type GateVerdict,
  type Look,
  type Verdict,
} from './duet-rule.ts';
import { holm } from '../tests/holm.ts';
import { signedRankTest } from '../tests/signed-rank.ts';

/** All gates at one look. */
export interface DuetDecision {
  readonly gates: readonly GateVerdict[];
  /** The gravest of the gates' verdicts; `invalid` without gates, because nothing was judged. */
  readonly verdict: Verdict;
  /** The look to go on to; null when the comparison is decided or the looks are used up. */
  readonly next: Look | null;
}

/**
 * Judges all gates at one look.
 *
 * - **regression**: Holm-adjusted one-sided p ≤ the look's alpha, and the estimated effect ≥ delta. Both: the p alone
 *   would raise the alarm over differences that nobody cares about, the size alone over noise.
 * - **improvement**: the same on the other side.
 * - **no-change**: the one-sided upper bound at 1 − alpha lies below the margin. Absence of an alarm alone is never
 *   this. Each look has its own part of alpha here too: a bound of 95 % at every look would declare safe an effect as
 *   large as the margin in up to three times 5 % of comparisons.
 * - **inconclusive**: none of these.
 * - **invalid**: said by the caller, or a launch lacks the metric. It keeps its place in Holm's family with p = 1, so
 *   that losing a metric makes no other more significant.
 *
 * Holm within a look, and parts of alpha that add up over the looks (Bonferroni), bound the probability of even one
 * false alarm in the whole comparison, however the metrics and the looks hang together. The comparison ends when every
 * gate is decided, or at the first regression: no later launch takes an alarm back.
 *
 * @param launches how many have been made: one of the rule's looks
 * @throws RangeError when the rule has no look after that many launches, or a gate has more figures than launches
 */
export function decideDuet(
  samples: readonly GateSamples[],
  launches: number,
  rule: DuetRule = USUAL_RULE,
): DuetDecision {
  const at = rule.looks.findIndex((look) => look.launches === launches);
  const look = rule.looks[at];
  if (!look) {
    const planned = rule.looks.map((one) => one.launches).join(', ');
    throw new RangeError(`the rule looks after ${planned} launches, not after ${launches}`);
  }
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
      alpha: look.alpha,
      gates: samples.length,
      delta,
    });
    const verdict = judge(evidence, delta, margin, look.alpha);
    return { ...common, verdict, reason: reasonFor(verdict, evidence, delta, margin, look.alpha), evidence };
  });
  const verdict = gravest(gates);
  const undecided = verdict !== 'regression' && gates.some((gate) => gate.verdict === 'inconclusive');
  return { gates, verdict, next: undecided ? (rule.looks[at + 1] ?? null) : null };
}

/**
 * What a comparison of the base against a copy of itself says against judging anything with the same apparatus: null
 * when it shows no effect, else the sentence for {@link GateSamples.invalid}.
 */
export function effectInControl(control: DuetDecision): string | null {
  const shown = control.gates.find(({ verdict }) => verdict === 'regression' || verdict === 'improvement');
  if (!shown?.evidence) return null;
  return `the base differs from a copy of itself by ${percent(shown.evidence.effect)} in ${shown.name}`;
}

/** Why a gate cannot be judged; null when it can. */
function obstacleOf({ name, d, invalid }: GateSamples, launches: number): string | null {
  if (d.length > launches) throw new RangeError(`${name} has ${d.length} figures of ${launches} launches`);
  if (invalid !== undefined) return invalid;
  const figures = d.filter(Number.isFinite).length;
  return figures < launches ? `measured in ${figures} of ${launches} launches` : null;
}

function judge(evidence: Evidence, delta: number, margin: number, alpha: number): Verdict {
  const { effect, pAdjusted, upperBound } = evidence;
  if (pAdjusted <= alpha && effect >= 1 + delta) return 'regression';
  if (pAdjusted <= alpha && effect <= 1 / (1 + delta)) return 'improvement';
  return upperBound !== null && upperBound < 1 + margin ? 'no-change' : 'inconclusive';
}

function reasonFor(
  verdict: Verdict,
  evidence: Evidence,
  delta: number,
  margin: number,
  alpha: number,
): string {
  const { effect, pAdjusted, upperBound, smallestDetectable } = evidence;
  const p = `adjusted p ${pAdjusted.toPrecision(2)}`;
  if (verdict === 'regression' || verdict === 'improvement') {
    return `${percent(effect)}: at least ${share(delta)} ${effect > 1 ? 'worse' : 'better'}, and ${p} is within ${alpha}`;
  }
  const bound = upperBound === null ? 'any loss' : percent(upperBound);
  if (verdict === 'no-change')
    return `at most ${bound} with ${share(1 - alpha)} confidence, inside the margin of ${share(margin)}`;
  const evidenceIs =
    pAdjusted <= alpha ? `is less than ${share(delta)}` : `may be chance (${p} above ${alpha})`;
  const detectable =
    smallestDetectable === null
      ? 'no effect could have been seen'
      : `${percent(smallestDetectable)} would have been seen`;
  return `${percent(effect)} ${evidenceIs}, and up to ${bound} is not excluded; ${detectable}`;
}

const GRAVEST_FIRST: readonly Verdict[] = [
  'regression',
  'invalid',
  'inconclusive',
  'improvement',
  'no-change',
];

function gravest(gates: readonly GateVerdict[]): Verdict {
  return GRAVEST_FIRST.find((verdict) => gates.some((gate) => gate.verdict === verdict)) ?? 'invalid';
}

/** 1.052 as "+5.2 %". */
function percent(ratio: number): string {
  const value = Number((100 * (ratio - 1)).toFixed(1));
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} %`;
}

function share(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}
