/* c-epoll: one event loop that serves all connections (the select server, single-process event-driven). */
#include <stdlib.h>
#include <unistd.h>

#include "../net/event_loop.h"
#include "model.h"

static int run(struct server *server) {
  struct stopping stopping = signals_open();
  server->stats->tallies[0].pid = getpid();
  server_announce_ready(server);
  event_loop_run(server, &server->stats->tallies[0], LISTENER_SOLE, &stopping);
  return stopping.exit_code;
}

const struct model epoll_model = {
    .id = "c-epoll", .workers = WORKERS_ONE, .serves_many = true, .run = run};
