/*
 * The main loop of models in which one thread accepts for all workers: it accepts, lets connections wait while no worker
 * is free, first come, first served, turns away whoever waited for too long, and drains when the server stops.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "../server/server.h"
#include "signals.h"

struct waiter {
  int fd;
  bool waited;      /* no worker was free when it came */
  int64_t since_ms; /* when it came */
};

struct dispatcher {
  struct server *server;
  struct stopping stopping;
  /* Hands a connection to a free worker. NULL where the workers take them by dispatcher_await(). */
  void (*assign)(struct dispatcher *dispatcher, const struct waiter *waiter);
  /* A child has ended. NULL for models without processes. */
  void (*on_child)(struct dispatcher *dispatcher);
  /* news is readable: workers have become free. NULL: it is an eventfd, and need only be read. */
  void (*on_news)(struct dispatcher *dispatcher);
  int news;             /* -1: none */
  atomic_bool draining; /* the server stops: the dispatcher wants to hear of each worker that comes free */

  /* Who waits and how many workers are free, under the lock, so that "was one free when it came" has one answer. */
  pthread_mutex_t lock;
  pthread_cond_t somebody; /* signalled for each that comes, for dispatcher_await() */
  unsigned workers, free;
  struct waiter *waiters; /* a ring of max_connections */
  unsigned first, waiting;
};

/*
 * Blocks the signals and makes place for waiters and so many workers (0: unbounded). Do it before any worker starts. Ends
 * the process when there is no memory. A dispatcher is static: its waiters stay until the process ends.
 */
void dispatcher_open(struct dispatcher *dispatcher, struct server *server, unsigned workers);

/* Announces that the server is ready, and dispatches until it has stopped and drained. */
void dispatcher_run(struct dispatcher *dispatcher);

/* In a worker thread, which is free: sleeps until somebody waits, and takes the first. */
struct waiter dispatcher_await(struct dispatcher *dispatcher);

/* A worker has become free. Returns whether somebody is waiting for it. Any thread may call it. */
bool dispatcher_free(struct dispatcher *dispatcher);

/* How long it waited, as a service is told. */
uint32_t waited_ms(const struct waiter *waiter);
