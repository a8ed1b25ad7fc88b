/* The two ways to serve: one connection after another, blocking, or many in one thread by an event loop. */
#pragma once

#include "../process/signals.h"
#include "connection.h"

/* Serves a connection that is counted as accepted in the tally from its beginning to its end, and counts its end. */
void serve(const struct server *server, struct tally *tally, int fd, bool waited, uint32_t waited_ms);

/* A worker of models whose workers accept for themselves: counts the connection, and refuses it over the limit. */
void serve_accepted(const struct server *server, struct tally *tally, int fd);

/* How the loop shares its listening socket. */
enum listener_share {
  LISTENER_SOLE,      /* with nobody: it accepts as many as are there */
  LISTENER_SHARED,    /* with other processes, each of which is woken for each connection */
  LISTENER_EXCLUSIVE, /* with other processes, one of which is woken (EPOLLEXCLUSIVE) */
};

/*
 * Serves until the listening socket is shut down and the connections have ended. stopping is NULL in a worker process:
 * there the supervisor reads the signals, shuts the socket down, and kills whoever exceeds the drain.
 */
void event_loop_run(const struct server *server, struct tally *tally, enum listener_share share,
                    struct stopping *stopping);
