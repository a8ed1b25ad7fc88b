#include "server.h"

#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* Per-connection models have no standing workers to report. */
static unsigned reported_workers(const struct server *server) {
  return server->options.model->workers == WORKERS_PER_CONNECTION ? 0 : server->options.workers;
}

void server_tell_ready(const struct server *server) {
  if (server->told_ready >= 0) eventfd_write(server->told_ready, 1);
}

void server_announce_ready(const struct server *server) {
  printf("{\"event\":\"ready\",\"variant\":\"%s\",\"service\":\"%s\",\"host\":\"%s\",\"port\":%u,\"pid\":%d,"
         "\"workers\":%u}\n",
         server->options.model->id, server->options.service->id, server->host, server->port, (int)getpid(),
         reported_workers(server));
  fflush(stdout);
}

static uint64_t read_count(_Atomic uint64_t *count) { return atomic_load_explicit(count, memory_order_relaxed); }

void server_announce_stats(const struct server *server) {
  static const char *const names[OUTCOMES] = {"served", "lost", "refused", "reset", "idled", "broken"};
  struct stats *stats = server->stats;
  uint64_t accepted = 0, waited = 0, accounted = 0, ended[OUTCOMES] = {0}, figures[SERVICE_FIGURES] = {0};
  for (unsigned row = 0; row < stats->rows; row++) {
    struct tally *tally = &stats->tallies[row];
    for (int i = 0; i < OUTCOMES; i++) ended[i] += read_count(&tally->ended[i]);
    for (int i = 0; i < SERVICE_FIGURES; i++) figures[i] += read_count(&tally->figures[i]);
    waited += read_count(&tally->waited);
    accepted += read_count(&tally->accepted);
  }
  /* Whatever was accepted and has not ended is cut off now, with the worker that has it. */
  for (int i = 0; i < OUTCOMES; i++) accounted += ended[i];
  ended[BROKEN] += accepted - accounted;

  printf("{\"event\":\"stats\",\"accepted\":%llu", (unsigned long long)accepted);
  for (int i = 0; i < OUTCOMES; i++) {
    printf(",\"%s\":%llu", names[i], (unsigned long long)ended[i]);
    if (i == SERVED) printf(",\"waited\":%llu", (unsigned long long)waited);
  }
  printf(",\"workers\":[");
  for (unsigned id = 0; id < reported_workers(server); id++) {
    struct tally *tally = &stats->tallies[id];
    printf("%s{\"id\":%u,\"pid\":%d,\"served\":%llu}", id > 0 ? "," : "", id, (int)tally->pid,
           (unsigned long long)read_count(&tally->ended[SERVED]));
  }
  printf("],\"service\":{");
  for (int i = 0; i < SERVICE_FIGURES && server->options.service->figure_names[i]; i++) {
    printf("%s\"%s\":%llu", i > 0 ? "," : "", server->options.service->figure_names[i], (unsigned long long)figures[i]);
  }
  printf("}}\n");
  fflush(stdout);
}
