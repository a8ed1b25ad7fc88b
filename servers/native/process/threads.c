#include "threads.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../server/server.h"

/* Room for the two buffers of serve(). Address space only, until it is touched; the default would be 8 MiB a thread. */
enum { STACK_BYTES = 128 * 1024 };

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
