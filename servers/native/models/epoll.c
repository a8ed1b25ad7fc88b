/*
 * Event loops. c-epoll: one that serves all connections (the select server, single-process event-driven).
 *
 * c-prefork-epoll (nginx): one in each of the processes started beforehand, on one listening socket. By default a
 * connection wakes every idle loop; with --set exclusive=true it wakes one.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../net/serve.h"
#include "../process/workers.h"
#include "../server/parameter.h"
#include "model.h"

static int run_one(struct server *server) {
  struct stopping stopping = signals_open();
  server->stats->tallies[0].pid = getpid();
  server_announce_ready(server);
  event_loop_run(server, &server->stats->tallies[0], LISTENER_SOLE, &stopping);
  return stopping.exit_code;
}

static bool exclusive = false;

static bool set(const char *key, const char *value) {
  return strcmp(key, "exclusive") == 0 && parse_bool(value, &exclusive);
}

static void work(const struct server *server, struct tally *tally) {
  event_loop_run(server, tally, exclusive ? LISTENER_EXCLUSIVE : LISTENER_SHARED, NULL);
}

static int run_pool(struct server *server) { return process_pool_run(server, work); }

const struct model epoll_model = {
    .id = "c-epoll", .workers = WORKERS_ONE, .serves_many = true, .run = run_one};
const struct model prefork_epoll_model = {
    .id = "c-prefork-epoll", .workers = WORKERS_POOL, .serves_many = true, .set = set, .run = run_pool};
