#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/*
 * Few enough that the first of a turn does not wait long for its answer to be sent, enough that a turn's fixed costs
 * (epoll_wait, the call into JavaScript) are small beside it.
 */
enum { EVENTS_A_TURN = 64, LONGEST_READ = 65536, LEAST_ROOM = 4096 };

struct connection {
  int fd; /* −1: the slot is free, and `length` is the next free one */
  uint8_t *pending;
  uint32_t start, length;
  int error; /* that a send met; told when the socket is next heard of */
  bool connecting, reading, ending;
  uint32_t interest;
};

struct sockets {
  int epoll;
  struct connection *connections;
  int count, capacity, free;
};

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

struct sockets *sockets_open(void) {
  struct sockets *sockets = calloc(1, sizeof *sockets);
  if (!sockets) return NULL;
  sockets->free = -1;
  sockets->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (sockets->epoll >= 0) return sockets;
  free(sockets);
  return NULL;
}

void sockets_dispose(struct sockets *sockets) {
  for (int slot = 0; slot < sockets->count; slot++) {
    if (sockets->connections[slot].fd >= 0) sockets_close(sockets, slot);
  }
  close(sockets->epoll);
  free(sockets->connections);
  free(sockets);
}

int sockets_descriptor(const struct sockets *sockets) {
  return sockets->epoll;
}

/* The kernel watches for what is waited for, and for nothing else: otherwise a paused connection would wake us forever. */
static void watch(struct sockets *sockets, int slot, int operation) {
  struct connection *connection = &sockets->connections[slot];
  uint32_t interest = 0;
  if (connection->connecting || connection->length > 0) interest |= EPOLLOUT;
  if (!connection->connecting && connection->reading) interest |= EPOLLIN;
  if (operation == EPOLL_CTL_MOD && interest == connection->interest) return;
  connection->interest = interest;
  struct epoll_event event = {.events = interest, .data.u32 = (uint32_t)slot};
  epoll_ctl(sockets->epoll, operation, connection->fd, &event);
}

/* −1 where there is no memory. */
static int take_slot(struct sockets *sockets) {
  int slot = sockets->free;
  if (slot >= 0) {
    sockets->free = (int)sockets->connections[slot].length - 1;
    return slot;
  }
  if (sockets->count == sockets->capacity) {
    int capacity = sockets->capacity ? 2 * sockets->capacity : 64;
    struct connection *grown = realloc(sockets->connections, (size_t)capacity * sizeof *grown);
    if (!grown) return -1;
    sockets->connections = grown;
    sockets->capacity = capacity;
  }
  return sockets->count++;
}

static void free_slot(struct sockets *sockets, int slot) {
  sockets->connections[slot] = (struct connection){.fd = -1, .length = (uint32_t)(sockets->free + 1)};
  sockets->free = slot;
}

static socklen_t address_of(const char *host, uint16_t port, struct sockaddr_storage *address) {
  struct sockaddr_in *v4 = (struct sockaddr_in *)address;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    return sizeof *v4;
  }
  if (inet_pton(AF_INET6, host, &v6->sin6_addr) != 1) return 0;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  return sizeof *v6;
}

int sockets_connect(struct sockets *sockets, const char *host, uint16_t port) {
  struct sockaddr_storage address;
  socklen_t length = address_of(host, port, &address);
  if (length == 0) return -EINVAL;
  int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  int failure = 0;
  if (connect(fd, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS) failure = errno;
  int slot = failure == 0 ? take_slot(sockets) : -1;
  if (slot < 0) {
    close(fd);
    return failure ? -failure : -ENOMEM;
  }
  sockets->connections[slot] = (struct connection){.fd = fd, .connecting = true, .reading = true};
  watch(sockets, slot, EPOLL_CTL_ADD);
  return slot;
}

/* Keeps bytes until the kernel takes them. */
static bool keep(struct connection *connection, const uint8_t *bytes, size_t length) {
  size_t have = connection->length;
  uint8_t *grown = malloc(have + length);
  if (!grown) return false;
  if (have > 0) memcpy(grown, connection->pending + connection->start, have);
  memcpy(grown + have, bytes, length);
  free(connection->pending);
  connection->pending = grown;
  connection->start = 0;
  connection->length = (uint32_t)(have + length);
  return true;
}

/* Bytes that the kernel took; a failure is remembered. */
static size_t push(struct connection *connection, const uint8_t *bytes, size_t length) {
  ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
  if (sent >= 0) return (size_t)sent;
  if (errno != EAGAIN && errno != EINTR) connection->error = errno;
  return 0;
}

void sockets_send(struct sockets *sockets, int slot, const uint8_t *bytes, size_t length) {
  struct connection *connection = &sockets->connections[slot];
  if (connection->fd < 0 || connection->error != 0) return;
  size_t sent = connection->length == 0 && !connection->connecting ? push(connection, bytes, length) : 0;
  if (sent == length) return;
  if (connection->error == 0 && !keep(connection, bytes + sent, length - sent)) connection->error = ENOMEM;
  /* So that the socket is heard of, and the error with it. */
  if (connection->error != 0) shutdown(connection->fd, SHUT_RDWR);
  watch(sockets, slot, EPOLL_CTL_MOD);
}

size_t sockets_pending(const struct sockets *sockets, int slot) {
  return sockets->connections[slot].length;
}

void sockets_set_reading(struct sockets *sockets, int slot, bool reading) {
  sockets->connections[slot].reading = reading;
  watch(sockets, slot, EPOLL_CTL_MOD);
}

void sockets_end(struct sockets *sockets, int slot) {
  struct connection *connection = &sockets->connections[slot];
  connection->ending = true;
  if (connection->length == 0 && !connection->connecting) shutdown(connection->fd, SHUT_WR);
}

void sockets_close(struct sockets *sockets, int slot) {
  close(sockets->connections[slot].fd);
  free(sockets->connections[slot].pending);
  free_slot(sockets, slot);
}

/* What is being collected in one turn. */
struct turn {
  struct socket_event *events;
  double *times_ms;
  int count;
  uint8_t *input;
  size_t used, input_bytes;
};

static void tell(struct turn *turn, int slot, enum socket_event_kind kind, int value, size_t offset) {
  turn->times_ms[turn->count] = now_ms();
  turn->events[turn->count++] =
      (struct socket_event){.slot = slot, .kind = kind, .value = value, .offset = (int32_t)offset};
}

/* Why the socket failed: what a send met, or what the kernel has kept. */
static int error_of(const struct connection *connection) {
  int error = connection->error;
  socklen_t length = sizeof error;
  if (error == 0) getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

/* Tells of a failure and hears no more of the socket until it is closed. */
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
    watch(sockets, slot, EPOLL_CTL_MOD);
  }
}

static void write_to(struct sockets *sockets, struct turn *turn, int slot) {
  struct connection *connection = &sockets->connections[slot];
  size_t sent = push(connection, connection->pending + connection->start, connection->length);
  connection->start += (uint32_t)sent;
  connection->length -= (uint32_t)sent;
  if (connection->error != 0) {
    fail(sockets, turn, slot, connection->error);
  } else if (connection->length == 0) {
    free(connection->pending);
    connection->pending = NULL;
    connection->start = 0;
    watch(sockets, slot, EPOLL_CTL_MOD);
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
  watch(sockets, slot, EPOLL_CTL_MOD);
  if (connection->ending && connection->length == 0) shutdown(connection->fd, SHUT_WR);
  tell(turn, slot, SOCKET_CONNECTED, 0, 0);
}

static void take(struct sockets *sockets, struct turn *turn, int slot, uint32_t happened) {
  struct connection *connection = &sockets->connections[slot];
  if (connection->connecting) {
    finish_connecting(sockets, turn, slot, happened);
    return;
  }
  /* One kind a turn: the kernel tells of the other again. An end cannot be hidden by switching reading off. */
  if ((happened & EPOLLOUT) && connection->length > 0) {
    write_to(sockets, turn, slot);
  } else if (connection->reading) {
    read_from(sockets, turn, slot);
  } else if (happened & (EPOLLERR | EPOLLHUP)) {
    int error = error_of(connection);
    fail(sockets, turn, slot, error ? error : ECONNRESET);
  }
}

int sockets_collect(struct sockets *sockets, struct socket_event *events, double *times_ms, int capacity, uint8_t *input,
                    size_t input_bytes) {
  struct epoll_event happened[EVENTS_A_TURN];
  struct turn turn = {.events = events, .times_ms = times_ms, .input = input, .input_bytes = input_bytes};
  int wanted = capacity < EVENTS_A_TURN ? capacity : EVENTS_A_TURN;
  int count = epoll_wait(sockets->epoll, happened, wanted, 0);
  for (int i = 0; i < count; i++) {
    /* What has no room now is told of again: epoll is level-triggered here. */
    if (turn.used + LEAST_ROOM > turn.input_bytes) break;
    take(sockets, &turn, (int)happened[i].data.u32, happened[i].events);
  }
  return turn.count;
}
