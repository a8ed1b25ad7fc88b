/*
 * A worker for each connection, at most --limit at a time: c-fork (Stevens' server 1) forks a process for each, c-thread
 * (his server 6) starts a thread.
 */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../net/connection.h"
#include "../net/serve.h"
#include "../process/dispatcher.h"
#include "../process/workers.h"
#include "model.h"

static struct dispatcher dispatcher; /* threads may look at it until the process ends */
static struct children children;

/* All workers write one row: they come and go, so there is no place that could be theirs. */
static struct tally *tally(void) { return &dispatcher.server->stats->tallies[0]; }

static void serve_waiter(const struct waiter *waiter) {
  serve(dispatcher.server, tally(), waiter->fd, waiter->waited, waited_ms(waiter));
}

static void refuse(const struct waiter *waiter) {
  connection_turn_away(dispatcher.server, tally(), waiter->fd, REFUSED);
  dispatcher_free(&dispatcher);
}

static int dispatch(struct server *server) {
  dispatcher_open(&dispatcher, server, server->options.limit);
  dispatcher_run(&dispatcher);
  return dispatcher.stopping.exit_code;
}

/* ------------------------------------------------------------------ c-fork */

static void fork_for(struct dispatcher *to, const struct waiter *waiter) {
  tally_accept(to->server->stats, tally());
  pid_t pid = children_fork(&children, children_place(&children));
  if (pid == 0) {
    children_keep_only((int[]){waiter->fd}, 1);
    serve_waiter(waiter);
    _exit(EXIT_SUCCESS);
  }
  if (pid > 0) {
    close(waiter->fd);
  } else {
    refuse(waiter);
  }
}

static void on_child(struct dispatcher *to) {
  while (children_reap(&children) >= 0) dispatcher_free(to);
}

static int run_forking(struct server *server) {
  const struct options *options = &server->options;
  dispatcher = (struct dispatcher){.assign = fork_for, .on_child = on_child, .news = -1};
  children_open(&children, options->limit > 0 ? options->limit : options->max_connections);
  int code = dispatch(server);
  children_close(&children);
  return code;
}

/* ------------------------------------------------------------------ c-thread */

static void *work(void *argument) {
  struct waiter waiter = *(struct waiter *)argument;
  free(argument);
  serve_waiter(&waiter);
  /* The dispatcher only has to hear of it when somebody waits, a client for a thread or the server for its end. */
  if (dispatcher_free(&dispatcher) || dispatcher.draining) eventfd_write(dispatcher.news, 1);
  return NULL;
}

static void start_thread_for(struct dispatcher *to, const struct waiter *waiter) {
  tally_accept(to->server->stats, tally());
  struct waiter *task = malloc(sizeof *task);
  if (task) *task = *waiter;
  if (task && thread_start(work, task) == 0) return;
  free(task);
  refuse(waiter);
}

static int run_threads(struct server *server) {
  dispatcher = (struct dispatcher){.assign = start_thread_for, .news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  return dispatch(server);
}

const struct model fork_model = {
    .id = "c-fork", .workers = WORKERS_PER_CONNECTION, .queues = true, .run = run_forking};
const struct model thread_model = {
    .id = "c-thread", .workers = WORKERS_PER_CONNECTION, .queues = true, .run = run_threads};
