/*
 * Signals as events. The supervisor of every model blocks the signals and reads them from a descriptor, so no code
 * runs inside a handler. Workers inherit the mask: a terminal's SIGINT reaches the whole process group, and it is the
 * supervisor that stops the workers, in order.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A server that is asked to stop: where it stands. */
struct stopping {
  int signals;      /* readable when a signal has come */
  bool asked;       /* SIGTERM or SIGINT came: accept no more */
  int exit_code;    /* of the server: 128 + the signal's number, as shells report it, after a second request */
  int64_t deadline; /* on clock_ms(): when connections that are still open are cut; NEVER until asked */
};

/* Blocks SIGTERM, SIGINT and SIGCHLD in the calling thread and those it starts. */
struct stopping signals_open(void);

/*
 * Reads what has come. On the first request to stop it shuts the listening socket down, which ends accept() and wakes
 * epoll in all processes and threads that share it; on the second it brings the deadline forward to now, and the
 * server ends without its statistics.
 * Returns whether a child has changed its state.
 */
bool signals_take(struct stopping *stopping, int listener, unsigned drain_ms);
