/** What was judged, and what must be said of it, in words. Pure. */
import {
  effectInControl,
  type DuetDecision,
  type GateVerdict,
} from '../../analysis/statistics/duet/duet-decision.ts';
import type { FailureReason } from '../../analysis/statistics/duet/failure-decision.ts';
import { formatPercent } from '../../analysis/text/format.ts';
import { counted } from '../../analysis/text/phrases.ts';
import type { ArmFailures, JudgedFailures } from '../../results/schema/comparison.ts';

/** One sentence, without its full stop, with the figures that decided. */
export function reasonInWords({ reason, evidence }: GateVerdict): string {
  switch (reason.kind) {
    case 'ruled-out':
      return reason.why;
    case 'incomplete':
      return `measured in ${reason.measured} of ${reason.launches} launches`;
  }
  if (!evidence) throw new Error('a gate that was judged has its evidence');
  const { effect, pAdjusted, upperBound, smallestDetectable } = evidence;
  const { alpha } = reason;
  const p = `adjusted p ${pAdjusted.toPrecision(2)}`;
  const bound = upperBound === null ? 'any loss' : percent(upperBound);
  switch (reason.kind) {
    case 'effect':
      return `${percent(effect)}: at least ${share(reason.delta)} ${effect > 1 ? 'worse' : 'better'}, and ${p} is within ${alpha}`;
    case 'bound':
      return `at most ${bound} with ${share(1 - alpha)} confidence, inside the margin of ${share(reason.margin)}`;
    case 'undecided': {
      const evidenceIs =
        pAdjusted <= alpha ? `is less than ${share(reason.delta)}` : `may be chance (${p} above ${alpha})`;
      const detectable =
        smallestDetectable === null
          ? 'no effect could have been seen'
          : `${percent(smallestDetectable)} would have been seen`;
      return `${percent(effect)} ${evidenceIs}, and up to ${bound} is not excluded; ${detectable}`;
    }
  }
}

/**
 * What an interim analysis of equal builds says against judging anything that was measured with the same rig.
 *
 * @param identical both arms are the same build, so that the comparison is its own control
 * @returns null where equal builds show no effect
 */
export function distrust(ofEquals: DuetDecision, identical: boolean): string | null {
  const failing =
    identical && ofEquals.failures.some(({ reason }) => reason.kind === 'more' || reason.kind === 'fewer');
  const shown = effectInControl(ofEquals);
  if (!shown?.evidence && !failing) return null;
  const effect = shown?.evidence
    ? `the base differs from a copy of itself by ${percent(shown.evidence.effect)} in ${shown.name}`
    : 'one of them fails more often than the other';
  const found = identical ? `Both arms are the same build, and yet ${effect}` : `T${effect.slice(1)}`;
  return `${found}: no figure of this duet can be trusted`;
}

/** The same for what fails, from the counts of the arms. */
export function failuresInWords(
  reason: FailureReason,
  pAdjusted: number,
  counts: Pick<JudgedFailures, 'base' | 'head' | 'control' | 'share'>,
): string {
  const p = `adjusted p ${Number(pAdjusted.toPrecision(2))}`;
  switch (reason.kind) {
    case 'ruled-out':
      return reason.why;
    case 'none':
      return `nothing failed; that up to ${formatPercent(counts.share.high)} of the head's launches fail is not excluded`;
    case 'alike':
      return `${failedOf(counts)}; the head did not fail more often than the base`;
    case 'perhaps':
      return `${failedOf(counts)}; the head failed more often than the base, which may be chance (${p} is above ${reason.alpha})`;
    case 'more':
      return `${failedOf(counts)}; ${p} is within ${reason.alpha}`;
    case 'fewer':
      return `${failedOf(counts)}; the head fails less often, and p is within ${reason.alpha}`;
  }
}

/** What failed of the head, beside the same of the base and of the control. */
function failedOf({ base, head, control }: Pick<JudgedFailures, 'base' | 'head' | 'control'>): string {
  const arms = [base, head, ...(control ? [control] : [])];
  const beside = (of: (arm: ArmFailures) => string): string =>
    `against ${of(base)} of the base${control ? ` and ${of(control)} of the control` : ''}`;
  const parts: string[] = [];
  if (arms.some(({ failed }) => failed > 0)) {
    parts.push(
      `${head.failed} of ${counted(head.launches, 'launch', 'launches')} of the head failed, ${beside(({ failed, launches }) => `${failed} of ${launches}`)}`,
    );
  }
  if (arms.some((arm) => errorsOf(arm) > 0)) {
    const share = (arm: ArmFailures): string => formatPercent(errorsOf(arm) / Math.max(1, arm.attempts), 2);
    const kinds = Object.entries(head.errors)
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${kind} ${count.toLocaleString('en')}`);
    const which = kinds.length > 0 ? ` (${kinds.join(', ')})` : '';
    parts.push(`${share(head)} of the head's exchanges failed${which}, ${beside(share)}`);
  }
  return parts.join('; ');
}

function errorsOf({ errors }: ArmFailures): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

/** 1.052 as "+5.2 %". */
export function percent(ratio: number): string {
  const value = Number((100 * (ratio - 1)).toFixed(1));
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} %`;
}

function share(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}
