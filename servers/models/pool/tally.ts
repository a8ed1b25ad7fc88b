/** Connection counts: accepted = served + lost + refused + reset + idled + broken, once all have ended. */
import type { Outcome } from '../../services/api/connection.ts';

/** The figures in their order within a row of the scoreboard. */
export const FIGURES = [
  'accepted',
  'served',
  'waited',
  'lost',
  'refused',
  'reset',
  'idled',
  'broken',
] as const;

export type Figure = (typeof FIGURES)[number];

/** Counts by name. */
export type Tally = Readonly<Record<Figure, number>>;

/** One row of counts, in memory or a file that may outlive its writer. */
export interface TallyRow {
  add(figure: Figure, count?: number): void;
  read(): Tally;
}

/** A row in this thread's memory or shared memory. `changed` is called after every change. */
export function tallyRow(
  counts: Uint32Array = new Uint32Array(FIGURES.length),
  changed?: () => void,
): TallyRow {
  return {
    add: (figure, count = 1) => {
      const at = FIGURES.indexOf(figure);
      counts[at] = (counts[at] ?? 0) + count;
      changed?.();
    },
    read: () => tallyOf(counts),
  };
}

/** The counts of a row by name. */
export function tallyOf(counts: ArrayLike<number>): Tally {
  return Object.fromEntries(FIGURES.map((figure, at) => [figure, counts[at] ?? 0])) as Record<Figure, number>;
}

/** Counts how a connection ended. */
export function countEnd(row: TallyRow, outcome: Outcome, waited: boolean): void {
  row.add(outcome);
  if (waited && outcome === 'served') row.add('waited');
}

/** Connections accepted and not ended. Those of a dead worker are broken. */
export function openConnections(tally: Tally): number {
  return (
    tally.accepted - (tally.served + tally.lost + tally.refused + tally.reset + tally.idled + tally.broken)
  );
}

/** Adds the counts of another row. */
export function addTally(row: TallyRow, tally: Tally): void {
  for (const figure of FIGURES) row.add(figure, tally[figure]);
}
