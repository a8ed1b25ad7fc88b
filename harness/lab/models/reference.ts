/**
 * What each model costs compared with the event loop in C: figures that were once measured on a two-core machine, server on
 * one core and client on the other. Microseconds hold for that machine only; their relation should hold on others.
 */

import type { Unit } from './workload.ts';

/** One line of the table, and the sizes under which its figures were taken. */
export interface ReferenceRow {
  readonly variant: string;
  readonly workers?: number;
  /** 0: unbounded. */
  readonly slots?: number;
  /** CPU time of the server's whole process tree for each unit, in µs; absent where the table has no figure. */
  readonly costUs: Readonly<Partial<Record<Unit, number>>>;
}

/** The model that all others are compared with. */
export const BASE = 'c-epoll';

/** A model may cost so many times the relation of the table. */
export const TOLERANCE = 1.25;

/**
 * Pools whose workers serve many connections at once have a worker for each of the machine's two cores; pools with one
 * slot have eight, so that eight connections can be held. One slot costs a TypeScript worker that accepts for itself
 * what it costs ts-iterative: taking the listening socket off the event loop and putting it back.
 */
export const REFERENCE: readonly ReferenceRow[] = [
  { variant: BASE, costUs: { connection: 15, message: 3.4 } },
  { variant: 'c-iterative', costUs: { connection: 23 } },
  { variant: 'c-fork', costUs: { connection: 96, message: 7.1 } },
  { variant: 'c-thread', costUs: { connection: 26, message: 5.9 } },
  { variant: 'c-prefork', workers: 8, costUs: { connection: 20, message: 6.7 } },
  { variant: 'c-prefork-mutex', workers: 8, costUs: { connection: 19, message: 6.7 } },
  { variant: 'c-prefork-pass', workers: 8, costUs: { connection: 23, message: 6.7 } },
  { variant: 'c-prethread-mutex', workers: 8, costUs: { connection: 20, message: 5.6 } },
  { variant: 'c-prethread-queue', workers: 8, costUs: { connection: 20, message: 5.6 } },
  { variant: 'c-prefork-epoll', workers: 2, costUs: { connection: 20, message: 3.4 } },
  { variant: 'ts-iterative', costUs: { connection: 93 } },
  { variant: 'ts-loop', costUs: { connection: 33, message: 5.3 } },
  { variant: 'ts-thread', costUs: { connection: 28_470, message: 23 } },
  { variant: 'ts-fork', costUs: { connection: 28_190, message: 25 } },
  { variant: 'ts-prethread-queue', workers: 2, slots: 0, costUs: { connection: 101 } },
  { variant: 'ts-prethread-accept', workers: 2, slots: 0, costUs: { connection: 32 } },
  { variant: 'ts-prethread-accept', workers: 2, slots: 1, costUs: { connection: 96 } },
  { variant: 'ts-prefork-accept', workers: 2, slots: 0, costUs: { connection: 38 } },
  { variant: 'ts-prefork-accept', workers: 2, slots: 1, costUs: { connection: 99 } },
  { variant: 'ts-prefork-pass', workers: 2, slots: 0, costUs: { connection: 111, message: 7.5 } },
  { variant: 'ts-prefork-reuseport', workers: 2, slots: 0, costUs: { connection: 41, message: 7.5 } },
  { variant: 'ts-cluster', workers: 2, costUs: { connection: 113 } },
];

/** The figures that the table has of a row. */
export function figuresOf({ costUs }: ReferenceRow): readonly [Unit, number][] {
  return Object.entries(costUs) as [Unit, number][];
}

/** A name for one row, unique in the table. */
export function nameOf({ variant, slots }: ReferenceRow): string {
  return slots === undefined ? variant : `${variant}-slots-${slots}`;
}
