import type { Verdict } from '../../../results/schema/comparison.ts';
import { blockRankTest } from '../tests/block-ranks.ts';
import { holm } from '../tests/holm.ts';

/** What failed of one subject, round by round. */
export interface FailureSamples {
  /**
   * Of each round, how much failed of every arm: of the head, of the base and, where there is a control, of both its arms. In
   * launches: only the order counts for the test.
   */
  readonly rounds: readonly (readonly number[])[];
  /** Why it cannot be judged. */
  readonly invalid?: string;
}

/** What decided. */
export type FailureReason =
  /** The head failed more often, or less often, and chance is an unlikely explanation. */
  | { readonly kind: 'more' | 'fewer'; readonly alpha: number }
  /** It failed more often, which may be chance. */
  | { readonly kind: 'perhaps'; readonly alpha: number }
  /** Something failed, and of the head no more than of the base. */
  | { readonly kind: 'alike' }
  | { readonly kind: 'none' }
  | { readonly kind: 'ruled-out'; readonly why: string };

export interface FailureVerdict {
  readonly verdict: Verdict;
  readonly reason: FailureReason;
  /** One-sided p of the head failing more often, adjusted for all subjects (Holm); 1 where it was not judged. */
  readonly pAdjusted: number;
}

/**
 * Judges at one interim analysis whether the head fails more often than the base: a family of its own, one test a subject.
 *
 * Under the null hypothesis the arms of a round may be exchanged for one another: both start and are loaded in the same way,
 * in an order, on cores and in folders that were drawn. The launches of the control are arms of the same round.
 *
 * - **regression**: adjusted p ≤ alpha, and more failed of the head than of the base. There is no smallest effect: a server that fails is not measured in anything else.
 * - **improvement**: the same in the other direction.
 * - **inconclusive**: more failed of the head than of the base, and it may be chance. A head that has failed
 *   more often is never called unchanged, and more launches are made.
 * - **no-change**: no more failed of it.
 *
 * With alphas that add up over the analyses (Bonferroni) and Holm within each, the probability of any false alarm over
 * failures is at most their sum. It is spent beside that of the gates and adds to it; without a failure nothing is spent.
 *
 * @param alpha of this analysis
 */
export function decideFailures(samples: readonly FailureSamples[], alpha: number): FailureVerdict[] {
  const tests = samples.map(({ rounds, invalid }) =>
    invalid === undefined ? blockRankTest(rounds) : { pMore: 1, pLess: 1 },
  );
  const more = holm(tests.map(({ pMore }) => pMore));
  const fewer = holm(tests.map(({ pLess }) => pLess));
  return samples.map((subject, i) => ({
    ...judge(subject, { more: more[i]!, fewer: fewer[i]! }, alpha),
    pAdjusted: more[i]!,
  }));
}

function judge(
  { rounds, invalid }: FailureSamples,
  p: { readonly more: number; readonly fewer: number },
  alpha: number,
): Pick<FailureVerdict, 'verdict' | 'reason'> {
  if (invalid !== undefined) return { verdict: 'invalid', reason: { kind: 'ruled-out', why: invalid } };
  const excess = rounds.reduce((sum, [head = 0, base = 0]) => sum + head - base, 0);
  if (p.more <= alpha && excess > 0) return { verdict: 'regression', reason: { kind: 'more', alpha } };
  if (p.fewer <= alpha && excess < 0) return { verdict: 'improvement', reason: { kind: 'fewer', alpha } };
  if (rounds.every((arms) => arms.every((failed) => failed === 0)))
    return { verdict: 'no-change', reason: { kind: 'none' } };
  return excess > 0
    ? { verdict: 'inconclusive', reason: { kind: 'perhaps', alpha } }
    : { verdict: 'no-change', reason: { kind: 'alike' } };
}
