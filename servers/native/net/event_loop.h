/* An event loop: one thread that serves many connections, and accepts them from a listening socket. */
#pragma once

#include "../server/server.h"
#include "../process/signals.h"

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
