/* c-thread (Stevens' server 6): a thread is started for each connection, at most --limit at a time. */
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "../net/connection.h"
#include "../process/dispatcher.h"
#include "../net/serve.h"
#include "../process/workers.h"
#include "model.h"

struct task {
  struct dispatcher *dispatcher;
  struct waiter waiter;
};

/* All threads write one row: they come and go, so there is no place that could be theirs. */
static struct tally *tally_of(struct dispatcher *dispatcher) { return &dispatcher->server->stats->tallies[0]; }

static void *work(void *argument) {
  struct task task = *(struct task *)argument;
  free(argument);
  struct dispatcher *dispatcher = task.dispatcher;
  serve(dispatcher->server, tally_of(dispatcher), task.waiter.fd, task.waiter.waited, waited_ms(&task.waiter));
  /* The dispatcher only has to hear of it when somebody waits, a client for a thread or the server for its end. */
  if (dispatcher_free(dispatcher) || dispatcher->draining) eventfd_write(dispatcher->news, 1);
  return NULL;
}

static void assign(struct dispatcher *dispatcher, const struct waiter *waiter) {
  struct tally *tally = tally_of(dispatcher);
  tally_accept(dispatcher->server->stats, tally);
  struct task *task = malloc(sizeof *task);
  if (task) *task = (struct task){.dispatcher = dispatcher, .waiter = *waiter};
  if (task && thread_start(work, task) == 0) return;
  free(task);
  connection_turn_away(dispatcher->server, tally, waiter->fd, REFUSED);
  dispatcher_free(dispatcher);
}

static int run(struct server *server) {
  static struct dispatcher dispatcher; /* static: threads may look at it until the process ends */
  dispatcher = (struct dispatcher){.assign = assign, .news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  dispatcher_open(&dispatcher, server, server->options.limit);
  dispatcher_run(&dispatcher);
  return dispatcher.stopping.exit_code;
}

const struct model thread_model = {
    .id = "c-thread", .workers = WORKERS_PER_CONNECTION, .queues = true, .run = run};
