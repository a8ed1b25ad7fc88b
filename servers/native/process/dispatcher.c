#include "dispatcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "../net/connection.h"
#include "../net/listener.h"

/* Connections accepted one after another before anything else gets its turn. */
enum { ACCEPTS_A_TURN = 64 };

void dispatcher_open(struct dispatcher *dispatcher, struct server *server, unsigned workers) {
  dispatcher->server = server;
  dispatcher->stopping = signals_open();
  room_open(&dispatcher->room, server->options.max_connections, workers);
}

static void turn_away(struct dispatcher *dispatcher, int fd, enum outcome outcome) {
  struct tally *tally = stats_acceptor(dispatcher->server->stats);
  tally_accept(dispatcher->server->stats, tally);
  connection_turn_away(dispatcher->server, tally, fd, outcome);
}

static void assign_waiters(struct dispatcher *dispatcher) {
  struct waiter waiter;
  while (dispatcher->assign && room_take(&dispatcher->room, &waiter)) dispatcher->assign(dispatcher, &waiter);
}

/* Returns when accepting may go on: now, or after a pause when descriptors have run out. */
static int64_t accept_some(struct dispatcher *dispatcher, int64_t now) {
  for (int i = 0; i < ACCEPTS_A_TURN; i++) {
    int fd = listener_accept(dispatcher->server->listener, 0);
    if (fd == ACCEPT_EXHAUSTED) return now + ACCEPT_PAUSE_MS;
    if (fd < 0) break;
    if (room_population(&dispatcher->room) >= dispatcher->server->options.max_connections) {
      turn_away(dispatcher, fd, REFUSED);
    } else {
      room_enter(&dispatcher->room, fd, now);
      assign_waiters(dispatcher);
    }
  }
  return now;
}

static void turn_away_waiters(struct dispatcher *dispatcher, int64_t since_ms) {
  struct waiter waiter;
  while (room_expel(&dispatcher->room, since_ms, &waiter)) turn_away(dispatcher, waiter.fd, LOST);
}

/* When the first waiter's patience ends. */
static int64_t patience_end(struct dispatcher *dispatcher) {
  unsigned patience_ms = dispatcher->server->options.patience_ms;
  int64_t since_ms = patience_ms > 0 ? room_eldest_ms(&dispatcher->room) : NEVER;
  return since_ms == NEVER ? NEVER : since_ms + patience_ms;
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
  int64_t accept_again = 0, now = clock_ms();
  server_announce_ready(server);
  while (!stopping->asked || (room_population(&dispatcher->room) > 0 && now < stopping->deadline)) {
    bool accepting = !stopping->asked && now >= accept_again;
    struct pollfd polled[] = {
        {.fd = stopping->signals, .events = POLLIN},
        {.fd = dispatcher->news, .events = POLLIN},
        {.fd = accepting ? server->listener : -1, .events = POLLIN}, /* poll() passes over negative descriptors */
    };
    int64_t wake = earlier(patience_end(dispatcher), stopping->deadline);
    if (!accepting && !stopping->asked) wake = earlier(wake, accept_again);
    poll(polled, 3, clock_timeout(wake, now));
    now = clock_ms();

    if (polled[1].revents) take_news(dispatcher);
    if (polled[0].revents && signals_take(stopping, server->listener, server->options.drain_ms) &&
        dispatcher->on_child) {
      dispatcher->on_child(dispatcher);
    }
    dispatcher->room.draining = stopping->asked;
    assign_waiters(dispatcher);
    if (polled[2].revents && !stopping->asked) accept_again = accept_some(dispatcher, now);
    if (server->options.patience_ms > 0) turn_away_waiters(dispatcher, now - server->options.patience_ms);
  }
  turn_away_waiters(dispatcher, NEVER);
}
