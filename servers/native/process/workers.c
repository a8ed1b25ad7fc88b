#include "workers.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "signals.h"

enum { DEATH_CHECK_MS = 100 };

/* Room for the two buffers of serve(). Address space only, until it is touched; the default would be 8 MiB a thread. */
enum { STACK_BYTES = 128 * 1024 };

void children_open(struct children *children, unsigned places) {
  *children = (struct children){.pids = calloc(places, sizeof(pid_t)), .places = places};
  if (children->pids) return;
  perror("server: no memory for the table of processes");
  exit(EXIT_FAILURE);
}

unsigned children_place(struct children *children) {
  while (children->pids[children->next] != 0) children->next = (children->next + 1) % children->places;
  return children->next;
}

pid_t children_fork(struct children *children, unsigned place) {
  pid_t parent = getpid();
  pid_t pid = fork();
  if (pid == 0) {
    /* The kernel kills us when the thread that forked ends; that is the main thread in all models. It does so only from
     * now on: a parent that died before this line is noticed by our having another one. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(EXIT_FAILURE);
    return 0;
  }
  if (pid > 0) {
    children->pids[place] = pid;
    children->alive++;
  }
  return pid;
}

/* Waits, so that the children's CPU time is added to ours: it would be lost if SIGCHLD were ignored. */
static int reap(struct children *children, int flags) {
  pid_t pid;
  do {
    pid = waitpid(-1, NULL, flags);
  } while (pid < 0 && errno == EINTR);
  if (pid <= 0) return -1;
  for (unsigned place = 0; place < children->places; place++) {
    if (children->pids[place] != pid) continue;
    children->pids[place] = 0;
    children->alive--;
    return (int)place;
  }
  return -1;
}

int children_reap(struct children *children) { return reap(children, WNOHANG); }

bool children_await(struct children *children, int told) {
  eventfd_t so_far = 0;
  while (so_far < children->places && children->alive == children->places) {
    struct pollfd polled = {.fd = told, .events = POLLIN};
    poll(&polled, 1, DEATH_CHECK_MS);
    eventfd_t more = 0;
    if (polled.revents) eventfd_read(told, &more);
    so_far += more;
    children_reap(children);
  }
  if (children->alive == children->places) return true;
  fprintf(stderr, "server: cannot start all of %u workers\n", children->places);
  return false;
}

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

void children_keep_only(int *descriptors, unsigned count) {
  qsort(descriptors, count, sizeof *descriptors, by_number);
  unsigned from = STDERR_FILENO + 1;
  for (unsigned i = 0; i < count; i++) {
    if ((unsigned)descriptors[i] > from) close_range(from, (unsigned)descriptors[i] - 1, 0);
    from = (unsigned)descriptors[i] + 1;
  }
  close_range(from, ~0u, 0);
}

void children_close(struct children *children) {
  for (unsigned place = 0; place < children->places; place++) {
    if (children->pids[place] > 0) kill(children->pids[place], SIGKILL);
  }
  while (children->alive > 0 && reap(children, 0) >= 0) continue;
  free(children->pids);
}

/* Starts a worker in every empty place. Returns how many could not be started. */
static unsigned refill(struct server *server, struct children *children, worker_body body) {
  unsigned missing = 0;
  for (unsigned id = 0; id < children->places; id++) {
    if (children->pids[id] != 0) continue;
    struct tally *tally = &server->stats->tallies[id];
    pid_t pid = children_fork(children, id);
    if (pid == 0) {
      body(server, tally);
      _exit(EXIT_SUCCESS);
    }
    if (pid > 0) {
      tally->pid = pid;
    } else {
      missing++;
    }
  }
  return missing;
}

/* Nothing is open once a worker has ended by itself; what one left that was killed is broken. */
static void reap_all(struct server *server, struct children *children) {
  for (int id; (id = children_reap(children)) >= 0;) tally_close(server->stats, &server->stats->tallies[id]);
}

int process_pool_run(struct server *server, worker_body body) {
  struct stopping stopping = signals_open();
  struct children children;
  children_open(&children, server->options.workers);
  int64_t refill_at = NEVER, filled_at = clock_ms();
  server->told_ready = eventfd(0, EFD_CLOEXEC);
  refill(server, &children, body);
  if (!children_await(&children, server->told_ready)) {
    children_close(&children);
    return EXIT_FAILURE;
  }
  server_announce_ready(server);
  while (!stopping.asked || children.alive > 0) {
    struct pollfd polled = {.fd = stopping.signals, .events = POLLIN};
    int64_t wake = stopping.asked ? stopping.deadline : refill_at;
    poll(&polled, 1, clock_timeout(wake, clock_ms()));
    signals_take(&stopping, server->listener, server->options.drain_ms);
    reap_all(server, &children);
    int64_t now = clock_ms();
    if (stopping.asked && now >= stopping.deadline) break;
    if (stopping.asked || children.alive == children.places) continue;
    if (refill_at == NEVER) refill_at = now - filled_at < REFILL_PAUSE_MS ? now + REFILL_PAUSE_MS : now;
    if (now < refill_at) continue;
    refill_at = refill(server, &children, body) > 0 ? now + REFILL_PAUSE_MS : NEVER;
    filled_at = now;
  }
  children_close(&children);
  return stopping.exit_code;
}

int thread_start(void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, body, argument);
  pthread_attr_destroy(&attributes);
  return error;
}

bool thread_start_all(const struct server *server, void *(*body)(void *)) {
  for (unsigned id = 0; id < server->options.workers; id++) {
    struct tally *tally = &server->stats->tallies[id];
    tally->pid = getpid();
    int error = thread_start(body, tally);
    if (error == 0) continue;
    fprintf(stderr, "server: cannot start all workers: %s\n", strerror(error));
    return false;
  }
  return true;
}
