/**
 * What each model costs compared with the event loop in C: figures that were once measured on a two-core machine, server on
 * one core and client on the other. Microseconds hold for that machine only; their relation should hold on others.
 */

import type { Unit } from './workload.ts';

/** CPU time of the server's whole process tree, in µs; undefined where the table has no figure. */
export interface Costs {
  readonly perConnectionUs?: number;
  readonly perMessageUs?: number;
}

/** One line of the table, and the sizes under which its figures were taken. */
export interface ReferenceRow extends Costs {
  readonly variant: string;
  readonly workers?: number;
  /** 0: unbounded. */
  readonly slots?: number;
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
  { variant: BASE, perConnectionUs: 15, perMessageUs: 3.4 },
  { variant: 'c-iterative', perConnectionUs: 23 },
  { variant: 'c-fork', perConnectionUs: 96, perMessageUs: 7.1 },
  { variant: 'c-thread', perConnectionUs: 26, perMessageUs: 5.9 },
  { variant: 'c-prefork', workers: 8, perConnectionUs: 20, perMessageUs: 6.7 },
  { variant: 'c-prefork-mutex', workers: 8, perConnectionUs: 19, perMessageUs: 6.7 },
  { variant: 'c-prefork-pass', workers: 8, perConnectionUs: 23, perMessageUs: 6.7 },
  { variant: 'c-prethread-mutex', workers: 8, perConnectionUs: 20, perMessageUs: 5.6 },
  { variant: 'c-prethread-queue', workers: 8, perConnectionUs: 20, perMessageUs: 5.6 },
  { variant: 'c-prefork-epoll', workers: 2, perConnectionUs: 20, perMessageUs: 3.4 },
  { variant: 'ts-iterative', perConnectionUs: 93 },
  { variant: 'ts-loop', perConnectionUs: 33, perMessageUs: 5.3 },
  { variant: 'ts-thread', perConnectionUs: 28_470, perMessageUs: 23 },
  { variant: 'ts-fork', perConnectionUs: 28_190, perMessageUs: 25 },
  { variant: 'ts-prethread-queue', workers: 2, slots: 0, perConnectionUs: 101 },
  { variant: 'ts-prethread-accept', workers: 2, slots: 0, perConnectionUs: 32 },
  { variant: 'ts-prethread-accept', workers: 2, slots: 1, perConnectionUs: 96 },
  { variant: 'ts-prefork-accept', workers: 2, slots: 0, perConnectionUs: 38 },
  { variant: 'ts-prefork-accept', workers: 2, slots: 1, perConnectionUs: 99 },
  { variant: 'ts-prefork-pass', workers: 2, slots: 0, perConnectionUs: 111, perMessageUs: 7.5 },
  { variant: 'ts-prefork-reuseport', workers: 2, slots: 0, perConnectionUs: 41, perMessageUs: 7.5 },
  { variant: 'ts-cluster', workers: 2, perConnectionUs: 113 },
];

/** The figures that the table has of a row. */
export function figuresOf({
  perConnectionUs,
  perMessageUs,
}: Costs): readonly { readonly unit: Unit; readonly referenceUs: number }[] {
  return [
    ...(perConnectionUs === undefined ? [] : [{ unit: 'connection' as const, referenceUs: perConnectionUs }]),
    ...(perMessageUs === undefined ? [] : [{ unit: 'message' as const, referenceUs: perMessageUs }]),
  ];
}

/** A name for one row, unique in the table. */
export function nameOf({ variant, slots }: ReferenceRow): string {
  return slots === undefined ? variant : `${variant}-slots-${slots}`;
}
