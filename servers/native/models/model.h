/*
 * A model is how connections are scheduled: who accepts, who serves, who waits. It moves descriptors and never looks
 * at a byte that goes over them.
 */
#pragma once

#include <stdbool.h>

struct server;

/* Who serves the connections, which settles what --workers, --slots and --limit mean. */
enum workers {
  WORKERS_ONE,            /* one worker */
  WORKERS_POOL,           /* --workers of them */
  WORKERS_PER_CONNECTION, /* a worker is started for each connection, --limit of them */
};

struct model {
  const char *id;
  enum workers workers;
  bool serves_many;   /* one worker can serve many connections at once, so --slots has a meaning */
  bool queues;        /* waiters queue in user space, so --limit has a meaning */
  bool accept_blocks; /* accept() blocks; else the listening socket is polled */
  /* Sets a parameter of the model. NULL: it has none. False: not one of its own. */
  bool (*set)(const char *key, const char *value);
  /* Serves until told to stop, and drains. Returns the exit code; with 0 the statistics are printed. */
  int (*run)(struct server *server);
};

/* Every model by its constant: one line registers it. */
#define MODELS(MODEL)    \
  MODEL(iterative)       \
  MODEL(fork)            \
  MODEL(thread)          \
  MODEL(prefork)         \
  MODEL(prefork_mutex)   \
  MODEL(prefork_pass)    \
  MODEL(prethread_mutex) \
  MODEL(prethread_queue) \
  MODEL(epoll)           \
  MODEL(prefork_epoll)

#define DECLARE(name) extern const struct model name##_model;
MODELS(DECLARE)
#undef DECLARE
