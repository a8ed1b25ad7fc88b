/*
 * c-prethread-queue (Stevens' server 8, the worker model): the main thread accepts and puts connections into a queue,
 * from which the threads of a pool take them, one connection at a time.
 */
#include <stdlib.h>
#include <sys/eventfd.h>

#include "../process/dispatcher.h"
#include "../net/serve.h"
#include "../process/workers.h"
#include "model.h"

static struct dispatcher dispatcher;

static void *work(void *argument) {
  struct tally *tally = argument;
  const struct server *server = dispatcher.server;
  for (;;) {
    struct waiter waiter = dispatcher_await(&dispatcher);
    tally_accept(server->stats, tally);
    serve(server, tally, waiter.fd, waiter.waited, waited_ms(&waiter));
    dispatcher_free(&dispatcher);
    if (dispatcher.draining) eventfd_write(dispatcher.news, 1);
  }
  return NULL;
}

static int run(struct server *server) {
  dispatcher = (struct dispatcher){.news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  dispatcher_open(&dispatcher, server, server->options.workers);
  if (!thread_start_all(server, work)) return EXIT_FAILURE;
  dispatcher_run(&dispatcher);
  return dispatcher.stopping.exit_code;
}

const struct model prethread_queue_model = {.id = "c-prethread-queue", .workers = WORKERS_POOL, .run = run};
