/*
 * The main loop of models in which one thread accepts for all workers: it accepts, lets connections wait while no
 * worker is free, turns away whoever waited for too long, and drains when the server stops.
 */
#pragma once

#include "../server/server.h"
#include "signals.h"
#include "waiting_room.h"

struct dispatcher {
  struct server *server;
  struct waiting_room room;
  struct stopping stopping;
  /* Hands a connection to a free worker. NULL where the workers take them out of the room themselves. */
  void (*assign)(struct dispatcher *dispatcher, const struct waiter *waiter);
  /* A child has ended. NULL for models without processes. */
  void (*on_child)(struct dispatcher *dispatcher);
  /* news is readable: workers have become free. NULL: it is an eventfd, and need only be read. */
  void (*on_news)(struct dispatcher *dispatcher);
  int news; /* -1: none */
};

/* Blocks the signals and opens the room for so many workers (0: unbounded). Do it before any worker starts. */
void dispatcher_open(struct dispatcher *dispatcher, struct server *server, unsigned workers);

/* Announces that the server is ready, and dispatches until it has stopped and drained. */
void dispatcher_run(struct dispatcher *dispatcher);
