/** Section 12, and the page of a duet: every launch of every gate, none left out. */
import { formatPercent } from '../../harness/analysis/text/format.ts';
import type { JudgedGate } from '../../harness/results/schema/comparison.ts';
import type { StripSpec } from '../drawing/strip.ts';

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

export function launchStrip(gates: readonly NamedGate[]): StripSpec {
  return {
    title: 'Difference of each launch, turned so that right is worse',
    axis: 'head against base, and the control',
    rows: gates.map(({ gate, subject, metric, server }) => ({
      server,
      name: metric,
      of: subject,
      head: gate.d,
      control: gate.controlD,
      note: gate.spread === null ? '' : `SD ${formatPercent(gate.spread, 2)}`,
    })),
  };
}
