/** What was judged, and what must be said of it, in words. Pure. */
import {
  effectInControl,
  type DuetDecision,
  type GateVerdict,
} from '../../analysis/statistics/duet/duet-decision.ts';

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
  const shown = effectInControl(ofEquals);
  if (!shown?.evidence) return null;
  const effect = `the base differs from a copy of itself by ${percent(shown.evidence.effect)} in ${shown.name}`;
  const found = identical ? `Both arms are the same build, and yet ${effect}` : `T${effect.slice(1)}`;
  return `${found}: no figure of this duet can be trusted`;
}

/** 1.052 as "+5.2 %". */
export function percent(ratio: number): string {
  const value = Number((100 * (ratio - 1)).toFixed(1));
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} %`;
}

function share(value: number): string {
  return `${Number((100 * value).toPrecision(3))} %`;
}
