/*
 * The counters of a server, in memory that all its processes share. Every worker writes a row of its own, so nobody
 * waits for anybody, and a row outlives a worker that is killed: what it had accepted and not ended was broken.
 */
#pragma once

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>

#include "../services/service.h"

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
