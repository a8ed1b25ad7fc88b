#include "process_pool.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "children.h"
#include "clock.h"
#include "signals.h"

/* A worker that dies sooner than this after its start is replaced only after such a pause, or a fault that kills every
 * worker at once would turn the supervisor into a fork bomb. */
enum { REFILL_PAUSE_MS = 100 };

/* Starts a worker in every empty place. Returns how many could not be started. */
static unsigned refill(struct server *server, struct children *children, worker_body body, void *context) {
  unsigned missing = 0;
  for (unsigned id = 0; id < children->places; id++) {
    if (children->pids[id] != 0) continue;
    struct tally *tally = &server->stats->tallies[id];
    pid_t pid = children_fork(children, id);
    if (pid == 0) {
      body(server, tally, context);
      _exit(EXIT_SUCCESS);
    }
    if (pid > 0) {
      tally->pid = pid;
    } else {
      missing++;
    }
  }
  return missing;
}

/* Nothing is open once a worker has ended by itself; what one left that was killed is broken. */
static void reap_all(struct server *server, struct children *children) {
  for (int id; (id = children_reap(children)) >= 0;) tally_close(server->stats, &server->stats->tallies[id]);
}

int process_pool_run(struct server *server, worker_body body, void *context) {
  struct stopping stopping = signals_open();
  struct children children;
  children_open(&children, server->options.workers);
  int64_t refill_at = NEVER, filled_at = clock_ms();
  server->told_ready = eventfd(0, EFD_CLOEXEC);
  refill(server, &children, body, context);
  if (!children_await(&children, server->told_ready)) {
    children_close(&children);
    return EXIT_FAILURE;
  }
  server_announce_ready(server);
  while (!stopping.asked || children.alive > 0) {
    struct pollfd polled = {.fd = stopping.signals, .events = POLLIN};
    int64_t wake = stopping.asked ? stopping.deadline : refill_at;
    poll(&polled, 1, clock_timeout(wake, clock_ms()));
    signals_take(&stopping, server->listener, server->options.drain_ms);
    reap_all(server, &children);
    int64_t now = clock_ms();
    if (stopping.asked && now >= stopping.deadline) break;
    if (stopping.asked || children.alive == children.places) continue;
    if (refill_at == NEVER) refill_at = now - filled_at < REFILL_PAUSE_MS ? now + REFILL_PAUSE_MS : now;
    if (now < refill_at) continue;
    refill_at = refill(server, &children, body, context) > 0 ? now + REFILL_PAUSE_MS : NEVER;
    filled_at = now;
  }
  children_close(&children);
  return stopping.exit_code;
}
