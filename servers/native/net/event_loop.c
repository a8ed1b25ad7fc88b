#include "serve.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../process/clock.h"
#include "listener.h"

enum { EVENTS_A_TURN = 256, ACCEPTS_A_TURN = 64 };

/* A connection of the loop, in a list by last activity: with one deadline for all, the eldest is always due first. */
struct member {
  struct connection connection;
  uint32_t interest;
  int64_t active_ms;
  TAILQ_ENTRY(member) by_activity;
};

struct event_loop {
  const struct server *server;
  struct tally *tally;
  struct stopping *stopping;
  enum listener_share share;
  int epoll;
  bool listening; /* the listening socket is in the epoll set */
  bool stopped;   /* the listening socket was shut down */
  int64_t accept_again, now;
  unsigned active;
  TAILQ_HEAD(, member) members; /* the eldest first */
  uint8_t in[SCRATCH_BYTES], out[SCRATCH_BYTES]; /* lent to the connection whose turn it is */
};

static void dismiss(struct event_loop *loop, struct member *member) {
  const struct service *service = loop->server->options.service;
  if (service->end) service->end(&member->connection.conversation);
  TAILQ_REMOVE(&loop->members, member, by_activity);
  connection_close(&member->connection, loop->server->stats, loop->tally); /* which also takes it out of the epoll set */
  free(member);
  loop->active--;
}

/* Level-triggered: what one turn leaves is told again, so no connection has to be read until it is empty. */
static bool watch(struct event_loop *loop, struct member *member, int operation, uint32_t interest) {
  if (member->interest == interest) return true;
  member->interest = interest;
  struct epoll_event event = {.events = interest, .data.ptr = member};
  return epoll_ctl(loop->epoll, operation, member->connection.fd, &event) == 0;
}

static void admit(struct event_loop *loop, int fd) {
  struct member *member = malloc(sizeof *member);
  if (!member) {
    connection_turn_away(loop->server, loop->tally, fd, REFUSED);
    return;
  }
  member->interest = 0;
  member->active_ms = loop->now;
  connection_open(&member->connection, fd, loop->server->stats, loop->tally);
  TAILQ_INSERT_TAIL(&loop->members, member, by_activity);
  loop->active++;
  if (watch(loop, member, EPOLL_CTL_ADD, EPOLLIN)) return;
  member->connection.outcome = REFUSED;
  dismiss(loop, member);
}

static bool may_accept(const struct event_loop *loop) {
  unsigned slots = loop->server->options.slots;
  return !loop->stopped && loop->now >= loop->accept_again && (slots == 0 || loop->active < slots);
}

static void accept_some(struct event_loop *loop) {
  /* Where others share the socket one is taken at a time, so that a busy worker does not take all that come. */
  int most = loop->share == LISTENER_SOLE ? ACCEPTS_A_TURN : 1;
  for (int i = 0; i < most && may_accept(loop); i++) {
    int fd = listener_accept(loop->server->listener, SOCK_NONBLOCK);
    if (fd == ACCEPT_EXHAUSTED) loop->accept_again = loop->now + ACCEPT_PAUSE_MS;
    if (fd == ACCEPT_STOPPED) loop->stopped = true;
    if (fd < 0) return;
    if (tally_accept(loop->server->stats, loop->tally) > loop->server->options.max_connections) {
      connection_turn_away(loop->server, loop->tally, fd, REFUSED);
    } else {
      admit(loop, fd);
    }
  }
}

/* Listens while there is a place for another connection, and not otherwise: level-triggered, the loop would spin. */
static void update_listening(struct event_loop *loop) {
  bool listen = may_accept(loop);
  if (listen == loop->listening) return;
  loop->listening = listen;
  uint32_t exclusive = loop->share == LISTENER_EXCLUSIVE ? (uint32_t)EPOLLEXCLUSIVE : 0;
  struct epoll_event event = {.events = EPOLLIN | exclusive, .data.ptr = NULL};
  epoll_ctl(loop->epoll, listen ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, loop->server->listener, &event);
}

static void turn(struct event_loop *loop, struct member *member) {
  struct connection *connection = &member->connection;
  struct conversation *conversation = &connection->conversation;
  buffer_borrow(&conversation->in, loop->in, sizeof loop->in);
  buffer_borrow(&conversation->out, loop->out, sizeof loop->out);
  enum flow flow = connection_pump(connection, loop->server->options.service);
  if (flow == FLOW_ENDED) {
    dismiss(loop, member);
    return;
  }
  member->active_ms = loop->now;
  TAILQ_REMOVE(&loop->members, member, by_activity);
  TAILQ_INSERT_TAIL(&loop->members, member, by_activity);
  /* A connection with more to do waits until it can send, which is as good as at once, behind all the others. */
  bool wants_to_send = flow == FLOW_SEND_STALLED || flow == FLOW_HAS_MORE;
  if (buffer_settle(&conversation->in) && buffer_settle(&conversation->out) &&
      watch(loop, member, EPOLL_CTL_MOD, wants_to_send ? EPOLLOUT : EPOLLIN)) {
    return;
  }
  connection->outcome = BROKEN;
  dismiss(loop, member);
}

/* Others had something to say: it stands in the conversations of this loop and is to be sent. */
static void turn_told(struct event_loop *loop, const struct together *together) {
  together->hear();
  for (struct conversation *told; (told = together->next_told()) != NULL;) {
    turn(loop, (struct member *)((char *)told - offsetof(struct member, connection.conversation)));
  }
}

/* Cuts off whoever has done nothing since then. */
static void dismiss_inactive(struct event_loop *loop, int64_t since_ms, enum outcome outcome) {
  for (struct member *eldest; (eldest = TAILQ_FIRST(&loop->members)) && eldest->active_ms <= since_ms;) {
    eldest->connection.outcome = outcome;
    dismiss(loop, eldest);
  }
}

static int64_t next_wake(struct event_loop *loop) {
  const struct options *options = &loop->server->options;
  int64_t wake = loop->stopping ? loop->stopping->deadline : NEVER;
  const struct member *eldest = TAILQ_FIRST(&loop->members);
  if (options->idle_ms > 0 && eldest) wake = earlier(wake, eldest->active_ms + options->idle_ms);
  if (loop->accept_again > loop->now) wake = earlier(wake, loop->accept_again);
  if (loop->server->options.service->together) wake = earlier(wake, loop->now + HEAR_MS);
  return wake;
}

static bool goes_on(const struct event_loop *loop) {
  if (!loop->stopped) return true;
  return loop->active > 0 && !(loop->stopping && loop->now >= loop->stopping->deadline);
}

static void run(struct event_loop *loop) {
  struct epoll_event events[EVENTS_A_TURN];
  const struct options *options = &loop->server->options;
  const struct together *together = options->service->together;
  const sigset_t *mask = together ? together->attend() : NULL;
  while (goes_on(loop)) {
    update_listening(loop);
    int count = epoll_pwait(loop->epoll, events, EVENTS_A_TURN, clock_timeout(next_wake(loop), loop->now), mask);
    loop->now = clock_ms();
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr == NULL) {
        accept_some(loop);
      } else if (events[i].data.ptr == loop->stopping) {
        signals_take(loop->stopping, loop->server->listener, options->drain_ms);
        loop->stopped = loop->stopping->asked;
      } else {
        turn(loop, events[i].data.ptr);
      }
    }
    if (together) turn_told(loop, together);
    if (options->idle_ms > 0) dismiss_inactive(loop, loop->now - options->idle_ms, IDLED);
  }
  dismiss_inactive(loop, NEVER, BROKEN); /* the drain is over */
}

void event_loop_run(const struct server *server, struct tally *tally, enum listener_share share,
                    struct stopping *stopping) {
  struct event_loop loop = {.server = server,
                            .tally = tally,
                            .stopping = stopping,
                            .share = share,
                            .epoll = epoll_create1(EPOLL_CLOEXEC),
                            .now = clock_ms()};
  if (loop.epoll < 0) {
    perror("server: cannot make an event loop");
    exit(EXIT_FAILURE);
  }
  TAILQ_INIT(&loop.members);
  if (stopping) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stopping};
    epoll_ctl(loop.epoll, EPOLL_CTL_ADD, stopping->signals, &event);
  }
  server_tell_ready(server);
  run(&loop);
  close(loop.epoll);
}
