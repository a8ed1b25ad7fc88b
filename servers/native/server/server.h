/* What every part of a running server knows: its options, its listening socket, its counters. */
#pragma once

#include <signal.h>
#include <stdalign.h>

#include "../models/model.h"
#include "../services/service.h"

enum { EXIT_USAGE = 2, EXIT_PORT_IN_USE = 3 };

/* The command line of docs/servers/contract.md. */
struct options {
  const struct model *model;
  const struct service *service;
  const char *host;
  unsigned port;           /* 0: the kernel chooses */
  unsigned workers;        /* 1 without a pool */
  unsigned slots;          /* connections that one worker serves at once; 0: unbounded */
  unsigned limit;          /* connections that the whole server serves at once; 0: unbounded */
  unsigned backlog;
  unsigned patience_ms;    /* 0: for ever */
  unsigned drain_ms;
  unsigned max_connections;
  unsigned idle_ms;        /* 0: never */
};

/*
 * The counters, in memory that all processes share. Every worker writes a row of its own, so nobody waits for anybody,
 * and a row outlives a worker that is killed: what it had accepted and not ended was broken.
 */

/* How a connection can end (docs/servers/contract.md). */
enum outcome { SERVED, LOST, REFUSED, RESET, IDLED, BROKEN, OUTCOMES };

/* One worker's row. It fills whole pairs of cache lines (the prefetcher fetches two), so that rows do not share any. */
struct tally {
  alignas(128) _Atomic uint64_t accepted;
  _Atomic uint64_t waited; /* of the served */
  _Atomic uint64_t ended[OUTCOMES];
  _Atomic uint64_t figures[SERVICE_FIGURES];
  _Atomic int32_t pid;
};

struct stats {
  alignas(128) _Atomic uint64_t open;   /* connections that are open now */
  alignas(128) _Atomic uint64_t serial; /* struct conversation.serial */
  unsigned rows;           /* one a worker, and a last one for whoever accepts on behalf of the workers */
  struct tally tallies[];
};

/* Maps the counters for so many workers; NULL with errno set when there is no memory. */
struct stats *stats_create(unsigned workers);

/* The row of the process or thread that accepts on behalf of the workers. */
static inline struct tally *stats_acceptor(struct stats *stats) { return &stats->tallies[stats->rows - 1]; }

/* Counts a connection that was accepted. Returns how many are open now in the whole server. */
uint64_t tally_accept(struct stats *stats, struct tally *tally);

/* Counts the end of a connection. Do so before it is closed: who sees the close may then rely on the count. */
void tally_end(struct stats *stats, struct tally *tally, enum outcome outcome, bool waited);

/* Counts as broken what a worker that has died left open. */
void tally_close(struct stats *stats, struct tally *tally);

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

/* Reads the command line; ends the process with one line on stderr and exit code 2 when it cannot be understood. */
struct options options_parse(int argc, char **argv);
