/*
 * c-iterative (Stevens' server 0): one process, one thread, one connection at a time. Whoever comes meanwhile waits in
 * the kernel's queue.
 *
 * It is the one model without a supervisor, so here handlers do what elsewhere comes as an event. They only shut
 * sockets down, which wakes a blocking call for good: no race between looking at a flag and going to sleep.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "../net/listener.h"
#include "../net/serve.h"
#include "model.h"

static struct server *server;
static volatile sig_atomic_t serving = -1; /* the connection's descriptor */
static volatile sig_atomic_t stopping;

/* Handlers leave errno as the call that they interrupted is going to find it. */
static void on_drained(int signal) {
  (void)signal;
  int kept = errno;
  server->cut = 1;
  if (serving >= 0) shutdown(serving, SHUT_RDWR);
  errno = kept;
}

static void on_stop(int signal) {
  if (stopping) _exit(128 + signal);
  int kept = errno;
  shutdown(server->listener, SHUT_RDWR);
  unsigned drain = server->options.drain_ms;
  if (drain == 0) on_drained(signal);
  stopping = 1;
  struct itimerval timer = {.it_value = {.tv_sec = drain / 1000, .tv_usec = (drain % 1000) * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
  errno = kept;
}

static void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaddset(&action.sa_mask, SIGTERM);
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGALRM);
  sigaction(signal, &action, NULL);
}

static int run(struct server *started) {
  server = started;
  struct tally *tally = &server->stats->tallies[0];
  tally->pid = getpid();
  handle(SIGALRM, on_drained);
  handle(SIGTERM, on_stop);
  handle(SIGINT, on_stop);
  server_announce_ready(server);
  for (int fd; !server->cut && (fd = listener_await(server->listener)) >= 0;) {
    tally_accept(server->stats, tally);
    serving = fd;
    if (!server->cut) serve(server, tally, fd, false, 0);
    serving = -1;
  }
  return EXIT_SUCCESS;
}

const struct model iterative_model = {.id = "c-iterative", .workers = WORKERS_ONE, .accept_blocks = true, .run = run};
