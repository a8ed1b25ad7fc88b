/*
 * c-prefork (Stevens' server 2, Apache's prefork): processes started beforehand, each of which accepts for itself, one
 * connection at a time. Linux wakes one sleeper in accept() for a connection, so there is no thundering herd.
 *
 * c-prefork-mutex (his server 4): the same with accept() inside a mutex that the processes share, as it was once needed
 * where accept() itself was not safe, or woke everybody.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../net/listener.h"
#include "../net/serve.h"
#include "../process/workers.h"
#include "model.h"

static void work(const struct server *server, struct tally *tally) {
  server_tell_ready(server);
  for (int fd; (fd = listener_await(server->listener)) >= 0;) serve_accepted(server, tally, fd);
}

static int run(struct server *server) { return process_pool_run(server, work); }

static pthread_mutex_t *turn;

/* Robust: a worker that dies while it holds the mutex, which is where an idle one spends its life, does not take the
 * server with it. The next one is told, and since the mutex protects nothing but the turn, all is well. */
static bool lock(void) {
  int error = pthread_mutex_lock(turn);
  if (error == EOWNERDEAD) error = pthread_mutex_consistent(turn);
  return error == 0;
}

static void work_in_turn(const struct server *server, struct tally *tally) {
  server_tell_ready(server);
  while (lock()) {
    int fd = listener_await(server->listener);
    pthread_mutex_unlock(turn);
    if (fd < 0) return;
    serve_accepted(server, tally, fd);
  }
}

static int run_in_turn(struct server *server) {
  turn = mmap(NULL, sizeof *turn, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (turn == MAP_FAILED) {
    perror("server: no shared memory for the mutex");
    return EXIT_FAILURE;
  }
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(turn, &attributes);
  return process_pool_run(server, work_in_turn);
}

const struct model prefork_model = {.id = "c-prefork", .workers = WORKERS_POOL, .accept_blocks = true, .run = run};
const struct model prefork_mutex_model = {
    .id = "c-prefork-mutex", .workers = WORKERS_POOL, .accept_blocks = true, .run = run_in_turn};
