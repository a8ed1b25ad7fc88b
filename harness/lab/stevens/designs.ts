/** The designs of Stevens' table: their numbers, our variants, and the figures that were published. */

export type Language = 'ts' | 'c';

export interface Design {
  /** As the book numbers them. */
  readonly number: number;
  readonly title: string;
  /** Our variant in each language, where there is one. */
  readonly variants: Readonly<Partial<Record<Language, string>>>;
  /** It has a pool of workers, whose distribution is shown. */
  readonly pool: boolean;
  /**
   * Process-control CPU time in seconds: 5,000 connections, 15 children, difference from the iterative server. W. R.
   * Stevens, B. Fenner, A. M. Rudoff, "UNIX Network Programming", volume 1, third edition (2003), figure 30.1.
   */
  readonly publishedS: number;
}

/** Connections of the published table: all process-control times are given for as many. */
export const TABLE_CONNECTIONS = 5000;

/** The first is the iterative server, from which the others are counted. */
export const DESIGNS: readonly Design[] = [
  design(0, 'iterative', { c: 'c-iterative', ts: 'ts-iterative' }, false, 0),
  design(1, 'a process per connection', { c: 'c-fork', ts: 'ts-fork' }, false, 20.9),
  design(2, 'prefork, each accepts', { c: 'c-prefork', ts: 'ts-prefork-accept' }, true, 1.8),
  design(3, 'prefork, file lock around accept', {}, true, 2.07),
  design(4, 'prefork, mutex around accept', { c: 'c-prefork-mutex' }, true, 1.75),
  design(5, 'prefork, descriptor passing', { c: 'c-prefork-pass', ts: 'ts-prefork-pass' }, true, 2.58),
  design(6, 'a thread per connection', { c: 'c-thread', ts: 'ts-thread' }, false, 0.99),
  design(7, 'prethreaded, mutex around accept', { c: 'c-prethread-mutex' }, true, 1.93),
  design(8, 'prethreaded, main accepts', { c: 'c-prethread-queue', ts: 'ts-prethread-queue' }, true, 2.05),
];

function design(
  number: number,
  title: string,
  variants: Design['variants'],
  pool: boolean,
  publishedS: number,
): Design {
  return { number, title, variants, pool, publishedS };
}
