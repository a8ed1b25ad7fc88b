#include "stats.h"

#include <sys/mman.h>

struct stats *stats_create(unsigned workers) {
  unsigned rows = workers + 1;
  size_t size = sizeof(struct stats) + rows * sizeof(struct tally);
  struct stats *stats = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (stats == MAP_FAILED) return NULL;
  stats->rows = rows;
  return stats;
}

uint64_t tally_accept(struct stats *stats, struct tally *tally) {
  atomic_fetch_add_explicit(&tally->accepted, 1, memory_order_relaxed);
  return atomic_fetch_add_explicit(&stats->open, 1, memory_order_relaxed) + 1;
}

void tally_end(struct stats *stats, struct tally *tally, enum outcome outcome, bool waited) {
  atomic_fetch_sub_explicit(&stats->open, 1, memory_order_relaxed);
  if (waited && outcome == SERVED) atomic_fetch_add_explicit(&tally->waited, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&tally->ended[outcome], 1, memory_order_relaxed);
}

void tally_close(struct stats *stats, struct tally *tally) {
  uint64_t left = atomic_load(&tally->accepted);
  for (int i = 0; i < OUTCOMES; i++) left -= atomic_load(&tally->ended[i]);
  atomic_fetch_add(&tally->ended[BROKEN], left);
  atomic_fetch_sub(&stats->open, left);
}
