/* c-fork (Stevens' server 1): a process is forked for each connection, at most --limit at a time. */
#include <stdlib.h>
#include <unistd.h>

#include "../process/workers.h"
#include "../net/connection.h"
#include "../process/dispatcher.h"
#include "../net/serve.h"
#include "model.h"

static struct children children;

/* All processes write one row: they come and go, so there is no place that could be theirs. */
static struct tally *tally_of(struct dispatcher *dispatcher) { return &dispatcher->server->stats->tallies[0]; }

static void assign(struct dispatcher *dispatcher, const struct waiter *waiter) {
  struct tally *tally = tally_of(dispatcher);
  tally_accept(dispatcher->server->stats, tally);
  pid_t pid = children_fork(&children, children_place(&children));
  if (pid == 0) {
    children_keep_only((int[]){waiter->fd}, 1);
    serve(dispatcher->server, tally, waiter->fd, waiter->waited, waited_ms(waiter));
    _exit(EXIT_SUCCESS);
  }
  if (pid > 0) {
    close(waiter->fd);
  } else {
    connection_turn_away(dispatcher->server, tally, waiter->fd, REFUSED);
    dispatcher_free(dispatcher);
  }
}

static void on_child(struct dispatcher *dispatcher) {
  while (children_reap(&children) >= 0) dispatcher_free(dispatcher);
}

static int run(struct server *server) {
  const struct options *options = &server->options;
  static struct dispatcher dispatcher = {.assign = assign, .on_child = on_child, .news = -1};
  children_open(&children, options->limit > 0 ? options->limit : options->max_connections);
  dispatcher_open(&dispatcher, server, options->limit);
  dispatcher_run(&dispatcher);
  children_close(&children);
  return dispatcher.stopping.exit_code;
}

const struct model fork_model = {.id = "c-fork", .workers = WORKERS_PER_CONNECTION, .queues = true, .run = run};
