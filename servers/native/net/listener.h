/* The listening socket. */
#pragma once

#include <stdbool.h>

struct server;

/* Opens it and fills in server->host and port; ends the process with a line on stderr and its exit code on failure. */
void listener_open(struct server *server);

/* Results of listener_accept() that are no descriptor. */
enum {
  ACCEPT_NONE = -1,      /* nobody is there, or the client gave up: ask again when the socket is readable */
  ACCEPT_STOPPED = -2,   /* the socket was shut down: the server stops */
  ACCEPT_EXHAUSTED = -3, /* no descriptor or memory left: ask again after ACCEPT_PAUSE_MS, or the loop would spin */
};

enum { ACCEPT_PAUSE_MS = 100 };

/* accept4() with its many errors sorted into the few that matter. */
int listener_accept(int listener, int flags);

/* Blocks until a connection comes; ACCEPT_STOPPED when the server stops. */
int listener_await(int listener);
