/* What every part of a running server knows: its options, its listening socket, its counters. */
#pragma once

#include <signal.h>

#include "options.h"
#include "stats.h"

struct server {
  struct options options;
  struct stats *stats;
  int listener;
  char host[64];
  uint16_t port;
  int told_ready; /* an eventfd to which each worker process adds one when it can serve; -1: nobody is waiting for that */
  /* Set when the drain is over and the connection that is being served was cut off. Only c-iterative needs it: the
   * supervisors of other models end the workers, or the loop, that serve. */
  volatile sig_atomic_t cut;
};

/* A worker process tells its supervisor that it can serve. */
void server_tell_ready(const struct server *server);

/* Prints the `ready` line. Call it when every worker can serve. */
void server_announce_ready(const struct server *server);

/* Prints the `stats` line, connections that are still open counted as broken. */
void server_announce_stats(const struct server *server);
