/*
 * Threads started beforehand, each of which serves one connection at a time. c-prethread-mutex (Stevens' server 7): each
 * accepts for itself inside a mutex. c-prethread-queue (his server 8, the worker model): the main thread accepts and puts
 * connections into a queue, from which they take them.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "../net/listener.h"
#include "../net/serve.h"
#include "../process/clock.h"
#include "../process/dispatcher.h"
#include "../process/workers.h"
#include "model.h"

/* ------------------------------------------------------------------ c-prethread-mutex */

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static const struct server *served;
static atomic_uint running;
static int ended; /* an eventfd: readable when the last thread has ended */

static int accept_in_turn(void) {
  pthread_mutex_lock(&turn);
  int fd = listener_await(served->listener);
  pthread_mutex_unlock(&turn);
  return fd;
}

static void *accept_and_serve(void *argument) {
  struct tally *tally = argument;
  for (int fd; (fd = accept_in_turn()) >= 0;) serve_accepted(served, tally, fd);
  if (atomic_fetch_sub(&running, 1) == 1) eventfd_write(ended, 1);
  return NULL;
}

static int run_mutex(struct server *server) {
  struct stopping stopping = signals_open();
  served = server;
  ended = eventfd(0, EFD_CLOEXEC);
  running = server->options.workers;
  if (!thread_start_all(server, accept_and_serve)) return EXIT_FAILURE;
  server_announce_ready(server);
  for (bool all_ended = false; !all_ended && clock_ms() < stopping.deadline;) {
    struct pollfd polled[] = {{.fd = stopping.signals, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
    poll(polled, 2, clock_timeout(stopping.deadline, clock_ms()));
    signals_take(&stopping, server->listener, server->options.drain_ms);
    all_ended = polled[1].revents != 0;
  }
  return stopping.exit_code;
}

/* ------------------------------------------------------------------ c-prethread-queue */

static struct dispatcher dispatcher;

static void *take_and_serve(void *argument) {
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

static int run_queue(struct server *server) {
  dispatcher = (struct dispatcher){.news = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  dispatcher_open(&dispatcher, server, server->options.workers);
  if (!thread_start_all(server, take_and_serve)) return EXIT_FAILURE;
  dispatcher_run(&dispatcher);
  return dispatcher.stopping.exit_code;
}

const struct model prethread_mutex_model = {
    .id = "c-prethread-mutex", .workers = WORKERS_POOL, .accept_blocks = true, .run = run_mutex};
const struct model prethread_queue_model = {.id = "c-prethread-queue", .workers = WORKERS_POOL, .run = run_queue};
