/*
 * A model is how connections are scheduled: who accepts, who serves, who waits. It moves descriptors and never looks
 * at a byte that goes over them.
 */
#ifndef HOLDFAST_MODEL_H
#define HOLDFAST_MODEL_H

#include <stdbool.h>

struct server;

/* Who serves the connections, which settles what --workers, --slots and --limit mean. */
enum crew {
  CREW_ONE,            /* one worker */
  CREW_POOL,           /* --workers of them */
  CREW_PER_CONNECTION, /* a worker is started for each connection, --limit of them */
};

struct model {
  const char *id;
  enum crew crew;
  bool serves_many;   /* one worker can serve many connections at once, so --slots has a meaning */
  bool queues;        /* waiters queue in user space, so --limit has a meaning */
  bool accept_blocks; /* accept() blocks; else the listening socket is polled */
  /* Sets a parameter of the model. NULL: it has none. False: not one of its own. */
  bool (*set)(const char *key, const char *value);
  /* Serves until told to stop, and drains. Returns the exit code; with 0 the statistics are printed. */
  int (*run)(struct server *server);
};

extern const struct model iterative_model, fork_model, thread_model, prefork_model, prefork_mutex_model,
    prefork_pass_model, prethread_mutex_model, prethread_queue_model, epoll_model, prefork_epoll_model;

#endif
