#include "children.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEATH_CHECK_MS = 100 };

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
