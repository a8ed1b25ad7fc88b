/*
 * c-prefork-epoll (nginx): processes started beforehand, each with an event loop, on one listening socket. By default a
 * connection wakes every idle loop; with --set exclusive=true it wakes one.
 */
#include <string.h>

#include "../net/event_loop.h"
#include "../server/parameter.h"
#include "../process/workers.h"
#include "model.h"

static bool exclusive = false;

static bool set(const char *key, const char *value) {
  return strcmp(key, "exclusive") == 0 && parse_bool(value, &exclusive);
}

static void work(const struct server *server, struct tally *tally) {
  event_loop_run(server, tally, exclusive ? LISTENER_EXCLUSIVE : LISTENER_SHARED, NULL);
}

static int run(struct server *server) { return process_pool_run(server, work); }

const struct model prefork_epoll_model = {
    .id = "c-prefork-epoll", .workers = WORKERS_POOL, .serves_many = true, .set = set, .run = run};
