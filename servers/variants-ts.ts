/** The variants in TypeScript, from the simplest on. */
import { variant } from './variant.ts';
import type { Variant } from './variant.ts';

export const TS_VARIANTS: readonly Variant[] = [
  variant('ts', {
    model: 'iterative',
    design: 'Stevens 0',
    title: 'one connection at a time',
    mechanism:
      'The server serves one connection to its end before it accepts the next; all others wait in the accept queue of the kernel.',
  }),
  variant('ts', {
    model: 'loop',
    design: 'select server, SPED (Node, Redis)',
    title: 'one event loop',
    mechanism: 'One thread waits for events on all connections and serves each one that is ready.',
    eventLoop: true,
    slots: 'any',
  }),
  variant('ts', {
    model: 'thread',
    design: 'Stevens 6 (one thread per client)',
    title: 'a thread per connection',
    mechanism: 'The main thread accepts, starts a Worker for the connection and moves the socket to it.',
    perConnection: true,
  }),
  variant('ts', {
    model: 'fork',
    design: 'Stevens 1 (one child per client, inetd)',
    title: 'a process per connection',
    mechanism: 'The parent accepts, starts a process for the connection and passes the descriptor to it.',
    perConnection: true,
    processes: true,
  }),
  variant('ts', {
    model: 'prethread-queue',
    design: 'Stevens 8 (Apache worker MPM)',
    title: 'pool of threads, the main thread accepts',
    mechanism:
      'The main thread accepts and moves each socket to a Worker of the pool, idle first; others queue.',
    pool: true,
    waitsIn: 'server',
    slots: 'any',
  }),
  variant('ts', {
    model: 'prethread-accept',
    design: 'Stevens 7 (without the mutex)',
    title: 'pool of threads, each accepts',
    mechanism: 'Each Worker of the pool accepts from its own copy of one listening socket.',
    pool: true,
    slots: 'any',
  }),
  variant('ts', {
    model: 'prefork-accept',
    design: 'Stevens 2 (Apache prefork, nginx)',
    title: 'pool of processes, each accepts',
    mechanism: 'Each process of the pool accepts from its own copy of one listening socket.',
    pool: true,
    processes: true,
    slots: 'any',
  }),
  variant('ts', {
    model: 'prefork-pass',
    design: 'Stevens 5 (descriptor passing)',
    title: 'pool of processes, the parent accepts',
    mechanism:
      'The parent accepts and passes each descriptor to a process of the pool, idle first; others queue.',
    pool: true,
    waitsIn: 'server',
    processes: true,
    slots: 'any',
  }),
  variant('ts', {
    model: 'prefork-reuseport',
    design: 'SO_REUSEPORT (nginx reuseport, HAProxy)',
    title: 'pool of processes, a listening socket each',
    mechanism:
      'Each process of the pool listens on the same port with a socket of its own, and the kernel spreads connections over them by a hash of the addresses.',
    pool: true,
    analytic: 'partitioned',
    processes: true,
    slots: 'any',
  }),
  variant('ts', {
    model: 'cluster',
    design: 'node:cluster, round robin (PM2)',
    title: 'pool of event loops, round robin',
    mechanism: 'The parent accepts and gives connections to the event loops of its processes in turn.',
    pool: true,
    eventLoop: true,
    processes: true,
    slots: 'unbounded',
  }),
];
