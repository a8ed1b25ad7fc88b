/*
 * c-prethread-mutex (Stevens' server 7): threads started beforehand, each of which accepts for itself inside a mutex,
 * one connection at a time.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "../process/clock.h"
#include "../net/listener.h"
#include "../net/serve.h"
#include "../process/signals.h"
#include "../process/workers.h"
#include "model.h"

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

static void *work(void *argument) {
  struct tally *tally = argument;
  for (int fd; (fd = accept_in_turn()) >= 0;) serve_accepted(served, tally, fd);
  if (atomic_fetch_sub(&running, 1) == 1) eventfd_write(ended, 1);
  return NULL;
}

static int run(struct server *server) {
  struct stopping stopping = signals_open();
  served = server;
  ended = eventfd(0, EFD_CLOEXEC);
  running = server->options.workers;
  if (!thread_start_all(server, work)) return EXIT_FAILURE;
  server_announce_ready(server);
  for (bool all_ended = false; !all_ended && clock_ms() < stopping.deadline;) {
    struct pollfd polled[] = {{.fd = stopping.signals, .events = POLLIN}, {.fd = ended, .events = POLLIN}};
    poll(polled, 2, clock_timeout(stopping.deadline, clock_ms()));
    signals_take(&stopping, server->listener, server->options.drain_ms);
    all_ended = polled[1].revents != 0;
  }
  return stopping.exit_code;
}

const struct model prethread_mutex_model = {
    .id = "c-prethread-mutex", .workers = WORKERS_POOL, .accept_blocks = true, .run = run};
