/** Section 12, and the page of a duet: effects of all gates, and every launch of every gate, none left out. */
import { formatPercent } from '../../harness/analysis/text/format.ts';
import type { JudgedGate } from '../../harness/results/schema/comparison.ts';
import type { EffectRow, EffectsSpec } from '../drawing/effects.ts';

export const LAUNCHES_CAPTION =
  'One mark a launch, right is worse. Filled: the head against the base. Open: the base against a copy of itself (the control). SD: standard deviation of the filled ones. None is left out; one that differs by more than 65 % stands at the edge.';

/** A gate with what its reader knows it by. */
export interface NamedGate {
  readonly gate: JudgedGate;
  readonly subject: string;
  /** Title of its metric. */
  readonly metric: string;
  /** Index of its server in the report; null where it has none. */
  readonly server: number | null;
}

export function launchStrip(gates: readonly NamedGate[]): EffectsSpec {
  return {
    title: 'Difference of each launch, turned so that right is worse',
    axis: 'head against base, and the control',
    ...SYMMETRIC,
    rows: gates.map(({ gate, subject, metric, server }) => ({
      server,
      name: metric,
      of: subject,
      launches: { head: gate.d.map(Math.exp), control: gate.controlD.map(Math.exp) },
      note: gate.spread === null ? '' : `SD ${formatPercent(gate.spread, 2)}`,
      tone: 'neutral',
    })),
  };
}

export const GATES_CAPTION =
  'Hodges–Lehmann estimate and exact 95 % interval of each gate, turned so that right is worse. Dotted: the smallest effect worth an alarm. Shaded: beyond the margin, which "no change" excludes.';

/** The effects of gates that were judged, each with its own limits. */
export function gateEffects(gates: readonly (NamedGate & Pick<EffectRow, 'tone' | 'note'>)[]): EffectsSpec {
  return {
    title: 'Effect of each gate with its 95 % interval',
    axis: 'effect, turned so that right is worse',
    ...SYMMETRIC,
    rows: gates.map(({ gate, subject, metric, server, tone, note }) => {
      const { evidence } = gate.verdict;
      const { low = null, high = null } = evidence?.interval ?? {};
      return {
        server,
        name: metric,
        of: subject,
        ...(evidence ? { effect: { value: evidence.effect, low, high } } : {}),
        limits: { delta: gate.delta, margin: gate.margin },
        tone,
        note: evidence ? note : 'not measured',
      };
    }),
  };
}

const SYMMETRIC = { scale: 'ratio', unit: 'ratio', delta: null, symmetric: true } as const;
