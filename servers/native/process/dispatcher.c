#include "dispatcher.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "clock.h"
#include "../net/connection.h"
#include "../net/listener.h"

/* Connections accepted one after another before anything else gets its turn. */
enum { ACCEPTS_A_TURN = 64 };

void dispatcher_open(struct dispatcher *dispatcher, struct server *server, unsigned workers) {
  dispatcher->server = server;
  dispatcher->stopping = signals_open();
  dispatcher->workers = dispatcher->free = workers > 0 ? workers : UINT_MAX;
  pthread_mutex_init(&dispatcher->lock, NULL);
  pthread_cond_init(&dispatcher->somebody, NULL);
  /* Pages that no waiter ever stood in are never touched, so a large ring costs address space only. */
  dispatcher->waiters = calloc(server->options.max_connections, sizeof *dispatcher->waiters);
  if (dispatcher->waiters) return;
  perror("server: no memory for the queue");
  exit(EXIT_FAILURE);
}

/* ------------------------------------------------------------------ the waiters */

static unsigned population(struct dispatcher *dispatcher) {
  pthread_mutex_lock(&dispatcher->lock);
  unsigned served_or_waiting = dispatcher->workers - dispatcher->free + dispatcher->waiting;
  pthread_mutex_unlock(&dispatcher->lock);
  return served_or_waiting;
}

/* The caller has seen to it that there is space (population()). */
static void enter(struct dispatcher *dispatcher, int fd, int64_t now_ms) {
  pthread_mutex_lock(&dispatcher->lock);
  bool waited = dispatcher->waiting >= dispatcher->free;
  unsigned last = (dispatcher->first + dispatcher->waiting++) % dispatcher->server->options.max_connections;
  dispatcher->waiters[last] = (struct waiter){.fd = fd, .waited = waited, .since_ms = now_ms};
  pthread_cond_signal(&dispatcher->somebody);
  pthread_mutex_unlock(&dispatcher->lock);
}

/* Under the lock. */
static struct waiter take_first(struct dispatcher *dispatcher) {
  struct waiter waiter = dispatcher->waiters[dispatcher->first];
  dispatcher->first = (dispatcher->first + 1) % dispatcher->server->options.max_connections;
  dispatcher->waiting--;
  return waiter;
}

struct waiter dispatcher_await(struct dispatcher *dispatcher) {
  pthread_mutex_lock(&dispatcher->lock);
  while (dispatcher->waiting == 0) pthread_cond_wait(&dispatcher->somebody, &dispatcher->lock);
  struct waiter waiter = take_first(dispatcher);
  dispatcher->free--;
  pthread_mutex_unlock(&dispatcher->lock);
  return waiter;
}

bool dispatcher_free(struct dispatcher *dispatcher) {
  pthread_mutex_lock(&dispatcher->lock);
  dispatcher->free++;
  bool somebody = dispatcher->waiting > 0;
  pthread_mutex_unlock(&dispatcher->lock);
  return somebody;
}

uint32_t waited_ms(const struct waiter *waiter) {
  return waiter->waited ? (uint32_t)(clock_ms() - waiter->since_ms) : 0;
}

/* A free worker takes the first waiter. False when nobody waits or no worker is free. */
static bool take(struct dispatcher *dispatcher, struct waiter *waiter) {
  pthread_mutex_lock(&dispatcher->lock);
  bool taken = dispatcher->waiting > 0 && dispatcher->free > 0;
  if (taken) {
    *waiter = take_first(dispatcher);
    dispatcher->free--;
  }
  pthread_mutex_unlock(&dispatcher->lock);
  return taken;
}

static void turn_away(struct dispatcher *dispatcher, int fd, enum outcome outcome) {
  struct tally *tally = stats_acceptor(dispatcher->server->stats);
  tally_accept(dispatcher->server->stats, tally);
  connection_turn_away(dispatcher->server, tally, fd, outcome);
}

/* Turns away who has waited since then. Returns when the next of them came, NEVER when nobody waits any more. */
static int64_t turn_away_waiters(struct dispatcher *dispatcher, int64_t since_ms) {
  for (;;) {
    pthread_mutex_lock(&dispatcher->lock);
    int64_t eldest_ms = dispatcher->waiting > 0 ? dispatcher->waiters[dispatcher->first].since_ms : NEVER;
    bool expelled = eldest_ms != NEVER && eldest_ms <= since_ms;
    struct waiter waiter = {0};
    if (expelled) waiter = take_first(dispatcher);
    pthread_mutex_unlock(&dispatcher->lock);
    if (!expelled) return eldest_ms;
    turn_away(dispatcher, waiter.fd, LOST);
  }
}

/* ------------------------------------------------------------------ the loop */

static void assign_waiters(struct dispatcher *dispatcher) {
  struct waiter waiter;
  while (dispatcher->assign && take(dispatcher, &waiter)) dispatcher->assign(dispatcher, &waiter);
}

/* Returns when accepting may go on: now, or after a pause when descriptors have run out. */
static int64_t accept_some(struct dispatcher *dispatcher, int64_t now) {
  for (int i = 0; i < ACCEPTS_A_TURN; i++) {
    int fd = listener_accept(dispatcher->server->listener, 0);
    if (fd == ACCEPT_EXHAUSTED) return now + ACCEPT_PAUSE_MS;
    if (fd < 0) break;
    if (population(dispatcher) >= dispatcher->server->options.max_connections) {
      turn_away(dispatcher, fd, REFUSED);
    } else {
      enter(dispatcher, fd, now);
      assign_waiters(dispatcher);
    }
  }
  return now;
}

static void take_news(struct dispatcher *dispatcher) {
  eventfd_t count;
  if (dispatcher->on_news) {
    dispatcher->on_news(dispatcher);
  } else {
    eventfd_read(dispatcher->news, &count);
  }
}

void dispatcher_run(struct dispatcher *dispatcher) {
  const struct server *server = dispatcher->server;
  struct stopping *stopping = &dispatcher->stopping;
  unsigned patience_ms = server->options.patience_ms;
  int64_t accept_again = 0, patience_end = NEVER, now = clock_ms();
  server_announce_ready(server);
  while (!stopping->asked || (population(dispatcher) > 0 && now < stopping->deadline)) {
    bool accepting = !stopping->asked && now >= accept_again;
    struct pollfd polled[] = {
        {.fd = stopping->signals, .events = POLLIN},
        {.fd = dispatcher->news, .events = POLLIN},
        {.fd = accepting ? server->listener : -1, .events = POLLIN}, /* poll() passes over negative descriptors */
    };
    int64_t wake = earlier(patience_end, stopping->deadline);
    if (!accepting && !stopping->asked) wake = earlier(wake, accept_again);
    poll(polled, 3, clock_timeout(wake, now));
    now = clock_ms();

    if (polled[1].revents) take_news(dispatcher);
    if (polled[0].revents && signals_take(stopping, server->listener, server->options.drain_ms) &&
        dispatcher->on_child) {
      dispatcher->on_child(dispatcher);
    }
    dispatcher->draining = stopping->asked;
    assign_waiters(dispatcher);
    if (polled[2].revents && !stopping->asked) accept_again = accept_some(dispatcher, now);
    if (patience_ms > 0) {
      int64_t eldest_ms = turn_away_waiters(dispatcher, now - patience_ms);
      patience_end = eldest_ms == NEVER ? NEVER : eldest_ms + patience_ms;
    }
  }
  turn_away_waiters(dispatcher, NEVER);
}
