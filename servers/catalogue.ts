/** Every server variant in both languages, as data: reading it loads no server code. */
import { variant } from './variant.ts';
import type { Draft, Variant } from './variant.ts';

/** In TypeScript, the simplest first. */
const TS: readonly Draft[] = [
  {
    model: 'iterative',
    design: 'Stevens 0',
    title: 'one connection at a time',
    mechanism:
      'The server serves one connection to its end before it accepts the next; all others wait in the accept queue of the kernel.',
  },
  {
    model: 'loop',
    design: 'select server, SPED (Node, Redis)',
    title: 'one event loop',
    mechanism: 'One thread waits for events on all connections and serves each one that is ready.',
    eventLoop: true,
    slots: 'any',
  },
  {
    model: 'thread',
    design: 'Stevens 6 (one thread per client)',
    title: 'a thread per connection',
    mechanism: 'The main thread accepts, starts a Worker for the connection and moves the socket to it.',
    perConnection: true,
  },
  {
    model: 'fork',
    design: 'Stevens 1 (one child per client, inetd)',
    title: 'a process per connection',
    mechanism: 'The parent accepts, starts a process for the connection and passes the descriptor to it.',
    perConnection: true,
    processes: true,
  },
  {
    model: 'prethread-queue',
    design: 'Stevens 8 (Apache worker MPM)',
    title: 'pool of threads, the main thread accepts',
    mechanism:
      'The main thread accepts and moves each socket to a Worker of the pool, idle first; others queue.',
    pool: true,
    waitsIn: 'server',
    slots: 'any',
  },
  {
    model: 'prethread-accept',
    design: 'Stevens 7 (without the mutex)',
    title: 'pool of threads, each accepts',
    mechanism: 'Each Worker of the pool accepts from its own copy of one listening socket.',
    pool: true,
    slots: 'any',
  },
  {
    model: 'prefork-accept',
    design: 'Stevens 2 (Apache prefork, nginx)',
    title: 'pool of processes, each accepts',
    mechanism: 'Each process of the pool accepts from its own copy of one listening socket.',
    pool: true,
    processes: true,
    slots: 'any',
  },
  {
    model: 'prefork-pass',
    design: 'Stevens 5 (descriptor passing)',
    title: 'pool of processes, the parent accepts',
    mechanism:
      'The parent accepts and passes each descriptor to a process of the pool, idle first; others queue.',
    pool: true,
    waitsIn: 'server',
    processes: true,
    slots: 'any',
  },
  {
    model: 'prefork-reuseport',
    design: 'SO_REUSEPORT (nginx reuseport, HAProxy)',
    title: 'pool of processes, a listening socket each',
    mechanism:
      'Each process of the pool listens on the same port with a socket of its own, and the kernel spreads connections over them by a hash of the addresses.',
    pool: true,
    analytic: 'partitioned',
    processes: true,
    slots: 'any',
  },
  {
    model: 'cluster',
    design: 'node:cluster, round robin (PM2)',
    title: 'pool of event loops, round robin',
    mechanism: 'The parent accepts and gives connections to the event loops of its processes in turn.',
    pool: true,
    eventLoop: true,
    processes: true,
    slots: 'unbounded',
  },
];

/** In C: the classic designs with real fork(), pthreads and epoll (servers/native/). */
const C: readonly Draft[] = [
  {
    model: 'iterative',
    design: 'Stevens 0',
    title: 'one connection at a time',
    mechanism:
      'The server serves one connection to its end before it accepts the next; all others wait in the accept queue of the kernel.',
  },
  {
    model: 'fork',
    design: 'Stevens 1 (inetd, early Apache)',
    title: 'a process per connection',
    mechanism: 'The parent accepts and forks a child, which inherits the connection and serves it.',
    perConnection: true,
    processes: true,
  },
  {
    model: 'thread',
    design: 'Stevens 6 (MySQL by default)',
    title: 'a thread per connection',
    mechanism: 'The main thread accepts and creates a thread that serves the connection.',
    perConnection: true,
  },
  {
    model: 'prefork',
    design: 'Stevens 2 (Apache prefork)',
    title: 'pool of processes, each accepts',
    mechanism: 'Each child of the pool blocks in accept() on the inherited listening socket.',
    pool: true,
    processes: true,
  },
  {
    model: 'prefork-mutex',
    design: 'Stevens 4 (Apache prefork with a mutex)',
    title: 'pool of processes, accept inside a mutex',
    mechanism: 'The children take turns: only the one that holds a mutex in shared memory waits in accept().',
    pool: true,
    processes: true,
  },
  {
    model: 'prefork-pass',
    design: 'Stevens 5 (descriptor passing)',
    title: 'pool of processes, the parent accepts',
    mechanism:
      'The parent accepts and passes each descriptor over a Unix socket to a free child; others queue.',
    pool: true,
    waitsIn: 'server',
    processes: true,
  },
  {
    model: 'prethread-mutex',
    design: 'Stevens 7',
    title: 'pool of threads, accept inside a mutex',
    mechanism: 'The threads take turns: only the one that holds a mutex waits in accept().',
    pool: true,
  },
  {
    model: 'prethread-queue',
    design: 'Stevens 8 (Apache worker MPM)',
    title: 'pool of threads, the main thread accepts',
    mechanism: 'The main thread accepts and puts descriptors into a queue from which free threads take them.',
    pool: true,
    waitsIn: 'server',
  },
  {
    model: 'epoll',
    design: 'select server, SPED (Redis, lighttpd)',
    title: 'one event loop',
    mechanism: 'One thread waits for events on all connections and serves each one that is ready.',
    eventLoop: true,
    slots: 'any',
  },
  {
    model: 'prefork-epoll',
    design: 'nginx',
    title: 'pool of event loops, each accepts',
    mechanism: 'Each process of the pool runs an event loop that accepts from the shared listening socket.',
    pool: true,
    eventLoop: true,
    processes: true,
    slots: 'any',
  },
];

export const CATALOGUE: readonly Variant[] = [
  ...TS.map((draft) => variant('ts', draft)),
  ...C.map((draft) => variant('c', draft)),
];

/** @returns undefined for an unknown name */
export function findVariant(name: string): Variant | undefined {
  return CATALOGUE.find((variant) => variant.name === name);
}
