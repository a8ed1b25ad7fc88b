/*
 * c-prefork (Stevens' server 2, Apache's prefork): processes started beforehand, each of which accepts for itself, one
 * connection at a time. Linux wakes one sleeper in accept() for a connection, so there is no thundering herd.
 */
#include "../net/listener.h"
#include "../process/process_pool.h"
#include "../net/serve.h"
#include "model.h"

static void work(const struct server *server, struct tally *tally, void *context) {
  (void)context;
  server_tell_ready(server);
  for (int fd; (fd = listener_await(server->listener)) >= 0;) serve_accepted(server, tally, fd);
}

static int run(struct server *server) { return process_pool_run(server, work, NULL); }

const struct model prefork_model = {.id = "c-prefork", .workers = WORKERS_POOL, .accept_blocks = true, .run = run};
