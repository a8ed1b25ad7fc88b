/** Whether a figure that was shown is the truth. */
import type { Unit } from '../../results/schema/plan.ts';
import type { Cell, Warning, WarningCode } from '../../results/schema/summary.ts';
import type { Done } from './known-server.ts';

/** Largest deviation from the truth, as a ratio. */
const TOLERANCE = 0.05;

/** What a load asked of the server. */
export interface Asked {
  readonly clients: number;
  readonly exchanges: number;
}

/** A figure that a run shows, and what it must be. */
export interface KnownFigure {
  readonly what: string;
  readonly unit: Unit;
  /** As the summary has it; undefined where it shows none. */
  readonly shown: (cell: Cell) => number | undefined;
  /** Why the summary shows none, where it says so. */
  readonly absent?: (cell: Cell) => string | undefined;
  /** From what the server says that it did, and how many exchanges the measured load completed. */
  readonly truth: (done: Done, asked: Asked) => number;
  /** Largest deviation, as a ratio of the truth; default 5 %. Whichever of the two allows more holds. */
  readonly ratio?: number;
  /** Largest deviation in its unit; default 0. */
  readonly within?: number;
  /** Warnings of the run that excuse a deviation: Holdfast itself says that the figure may be off. */
  readonly excusedBy?: readonly WarningCode[];
}

/** `not resolvable`: the figure is off or not shown, and the summary says why. */
export type Answer = 'true' | 'not resolvable' | 'false';

export interface Compared {
  readonly what: string;
  readonly unit: Unit;
  readonly shown: number | null;
  readonly truth: number;
  readonly answer: Answer;
  /** What the run says of a figure that is not resolvable. */
  readonly reason: string | null;
}

/** A figure beside its truth. */
export function compared(
  { what, unit, shown, absent, truth, ratio = TOLERANCE, within = 0, excusedBy = [] }: KnownFigure,
  { cell, warnings }: { readonly cell: Cell; readonly warnings: readonly Warning[] },
  { done, asked }: { readonly done: Done; readonly asked: Asked },
): Compared {
  const known = truth(done, asked);
  const figure = shown(cell);
  const isTrue =
    figure !== undefined && Math.abs(figure - known) <= Math.max(within, ratio * Math.abs(known));
  const why = absent?.(cell) ?? warnings.find(({ code }) => excusedBy.includes(code))?.message;
  return {
    what,
    unit,
    shown: figure ?? null,
    truth: known,
    answer: isTrue ? 'true' : why === undefined ? 'false' : 'not resolvable',
    reason: isTrue ? null : (why ?? null),
  };
}
