/*
 * build/native/server VARIANT --service NAME [options]: the classic ways to serve many TCP connections, with real
 * fork(), threads and epoll. See docs/servers/contract.md.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "../net/listener.h"
#include "server.h"
#include "../systems/topn/store.h"

/* Descriptors that are no connections: the standard ones, the listening socket, epoll, signals, pipes. */
enum { OTHER_DESCRIPTORS = 24 };

/*
 * Takes all the descriptors that the system grants, and refuses connections in good order before they run out: without
 * descriptors left a connection cannot even be accepted to be told so. Where processes share the connections, it is
 * each of them that must not take more than it can hold; what it leaves in the backlog another takes.
 */
static void fit_descriptors(struct options *options) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  /* A pool may need one more for each worker (c-prefork-pass). */
  rlim_t other = OTHER_DESCRIPTORS + options->workers;
  rlim_t most = limit.rlim_max > other ? limit.rlim_max - other : 1;
  if (limit.rlim_max == RLIM_INFINITY || options->max_connections <= most) return;
  if (options->model->workers == WORKERS_POOL && options->model->serves_many) {
    if (options->slots == 0 || options->slots > most) options->slots = (unsigned)most;
  } else {
    options->max_connections = (unsigned)most;
  }
}

int main(int argc, char **argv) {
  struct server server = {.options = options_parse(argc, argv), .told_ready = -1};
  /* A client that is gone shows as an error of send(), where it is counted. */
  signal(SIGPIPE, SIG_IGN);
  store_sweep();
  fit_descriptors(&server.options);
  server.stats = stats_create(server.options.workers);
  if (!server.stats) {
    perror("server: no shared memory for the statistics");
    return EXIT_FAILURE;
  }
  const struct service *service = server.options.service;
  if (service->prepare && !service->prepare()) {
    perror("server: no memory or files for the service");
    return EXIT_FAILURE;
  }
  listener_open(&server);
  int code = server.options.model->run(&server);
  if (service->dispose) service->dispose();
  if (code == EXIT_SUCCESS) server_announce_stats(&server);
  return code;
}
