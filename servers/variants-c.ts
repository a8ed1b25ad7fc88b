/** The variants in C: the classic designs with real fork(), pthreads and epoll (servers/native/). */
import { variant } from './variant.ts';
import type { Variant } from './variant.ts';

export const C_VARIANTS: readonly Variant[] = [
  variant('c', {
    model: 'iterative',
    design: 'Stevens 0',
    title: 'one connection at a time',
    mechanism:
      'The server serves one connection to its end before it accepts the next; all others wait in the accept queue of the kernel.',
  }),
  variant('c', {
    model: 'fork',
    design: 'Stevens 1 (inetd, early Apache)',
    title: 'a process per connection',
    mechanism: 'The parent accepts and forks a child, which inherits the connection and serves it.',
    perConnection: true,
    processes: true,
  }),
  variant('c', {
    model: 'thread',
    design: 'Stevens 6 (MySQL by default)',
    title: 'a thread per connection',
    mechanism: 'The main thread accepts and creates a thread that serves the connection.',
    perConnection: true,
  }),
  variant('c', {
    model: 'prefork',
    design: 'Stevens 2 (Apache prefork)',
    title: 'pool of processes, each accepts',
    mechanism: 'Each child of the pool blocks in accept() on the inherited listening socket.',
    pool: true,
    processes: true,
  }),
  variant('c', {
    model: 'prefork-mutex',
    design: 'Stevens 4 (Apache prefork with a mutex)',
    title: 'pool of processes, accept inside a mutex',
    mechanism: 'The children take turns: only the one that holds a mutex in shared memory waits in accept().',
    pool: true,
    processes: true,
  }),
  variant('c', {
    model: 'prefork-pass',
    design: 'Stevens 5 (descriptor passing)',
    title: 'pool of processes, the parent accepts',
    mechanism:
      'The parent accepts and passes each descriptor over a Unix socket to a free child; others queue.',
    pool: true,
    waitsIn: 'server',
    processes: true,
  }),
  variant('c', {
    model: 'prethread-mutex',
    design: 'Stevens 7',
    title: 'pool of threads, accept inside a mutex',
    mechanism: 'The threads take turns: only the one that holds a mutex waits in accept().',
    pool: true,
  }),
  variant('c', {
    model: 'prethread-queue',
    design: 'Stevens 8 (Apache worker MPM)',
    title: 'pool of threads, the main thread accepts',
    mechanism: 'The main thread accepts and puts descriptors into a queue from which free threads take them.',
    pool: true,
    waitsIn: 'server',
  }),
  variant('c', {
    model: 'epoll',
    design: 'select server, SPED (Redis, lighttpd)',
    title: 'one event loop',
    mechanism: 'One thread waits for events on all connections and serves each one that is ready.',
    eventLoop: true,
    slots: 'any',
  }),
  variant('c', {
    model: 'prefork-epoll',
    design: 'nginx',
    title: 'pool of event loops, each accepts',
    mechanism: 'Each process of the pool runs an event loop that accepts from the shared listening socket.',
    pool: true,
    eventLoop: true,
    processes: true,
    slots: 'any',
  }),
];
