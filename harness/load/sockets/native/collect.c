/* One turn: converts what the kernel reports on all connections into events. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "sockets.h"

/*
 * Few enough that the first event of a turn is answered soon; enough to amortise a turn's fixed costs (epoll_wait,
 * the call into JavaScript).
 */
enum { EVENTS_A_TURN = 64, LONGEST_READ = 65536, LEAST_ROOM = 4096 };

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void tell(struct turn *turn, int slot, enum socket_event_kind kind, int value, size_t offset) {
  turn->times_ms[turn->count] = now_ms();
  turn->events[turn->count++] =
      (struct socket_event){.slot = slot, .kind = kind, .value = value, .offset = (int32_t)offset};
}

/* Why the socket failed: the error of a send, or the kernel's SO_ERROR. */
static int error_of(const struct connection *connection) {
  int error = connection->error;
  socklen_t length = sizeof error;
  if (error == 0) getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

/* Reports a failure, then ignores the socket until it is closed. */
static void fail(struct sockets *sockets, struct turn *turn, int slot, int error) {
  struct connection *connection = &sockets->connections[slot];
  tell(turn, slot, SOCKET_FAILED, error, 0);
  epoll_ctl(sockets->epoll, EPOLL_CTL_DEL, connection->fd, NULL);
}

static void read_from(struct sockets *sockets, struct turn *turn, int slot) {
  struct connection *connection = &sockets->connections[slot];
  size_t room = turn->input_bytes - turn->used;
  if (room > LONGEST_READ) room = LONGEST_READ;
  ssize_t length = recv(connection->fd, turn->input + turn->used, room, 0);
  if (length > 0) {
    tell(turn, slot, SOCKET_BYTES, (int)length, turn->used);
    turn->used += (size_t)length;
  } else if (length < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  } else if (length < 0 || connection->error != 0) {
    fail(sockets, turn, slot, connection->error != 0 ? connection->error : errno);
  } else {
    tell(turn, slot, SOCKET_ENDED, 0, 0);
    connection->reading = false;
    sockets_watch(sockets, slot, EPOLL_CTL_MOD);
  }
}

static void write_to(struct sockets *sockets, struct turn *turn, int slot) {
  struct connection *connection = &sockets->connections[slot];
  size_t sent = connection_push(connection, connection->pending + connection->start, connection->length);
  connection->start += (uint32_t)sent;
  connection->length -= (uint32_t)sent;
  if (connection->error != 0) {
    fail(sockets, turn, slot, connection->error);
  } else if (connection->length == 0) {
    free(connection->pending);
    connection->pending = NULL;
    connection->start = 0;
    sockets_watch(sockets, slot, EPOLL_CTL_MOD);
    if (connection->ending) shutdown(connection->fd, SHUT_WR);
    tell(turn, slot, SOCKET_DRAINED, 0, 0);
  }
}

static void finish_connecting(struct sockets *sockets, struct turn *turn, int slot, uint32_t happened) {
  struct connection *connection = &sockets->connections[slot];
  int error = happened & (EPOLLERR | EPOLLHUP) ? error_of(connection) : 0;
  if (error != 0) {
    fail(sockets, turn, slot, error);
    return;
  }
  connection->connecting = false;
  sockets_watch(sockets, slot, EPOLL_CTL_MOD);
  if (connection->ending && connection->length == 0) shutdown(connection->fd, SHUT_WR);
  tell(turn, slot, SOCKET_CONNECTED, 0, 0);
}

/* Reading makes the timer silent until it is set again. */
static void wake(struct sockets *sockets, struct turn *turn) {
  uint64_t expirations;
  if (read(sockets->timer, &expirations, sizeof expirations) > 0) tell(turn, TIMER_SLOT, SOCKET_WOKEN, 0, 0);
}

static void take(struct sockets *sockets, struct turn *turn, int slot, uint32_t happened) {
  struct connection *connection = &sockets->connections[slot];
  if (connection->connecting) {
    finish_connecting(sockets, turn, slot, happened);
    return;
  }
  /* One kind per turn: the kernel reports the other again. Pausing reads does not hide the peer's end. */
  if ((happened & EPOLLOUT) && connection->length > 0) {
    write_to(sockets, turn, slot);
  } else if (connection->reading) {
    read_from(sockets, turn, slot);
  } else if (happened & (EPOLLERR | EPOLLHUP)) {
    int error = error_of(connection);
    fail(sockets, turn, slot, error ? error : ECONNRESET);
  }
}

int sockets_collect(struct sockets *sockets, struct turn *turn) {
  struct epoll_event happened[EVENTS_A_TURN];
  int wanted = turn->capacity < EVENTS_A_TURN ? turn->capacity : EVENTS_A_TURN;
  int count = epoll_wait(sockets->epoll, happened, wanted, 0);
  turn->count = 0;
  turn->used = 0;
  for (int i = 0; i < count; i++) {
    /* No room left: epoll is level-triggered here and reports the rest again. */
    if (turn->used + LEAST_ROOM > turn->input_bytes) break;
    int slot = (int)happened[i].data.u32;
    if (slot == TIMER_SLOT) wake(sockets, turn);
    else take(sockets, turn, slot, happened[i].events);
  }
  return turn->count;
}
