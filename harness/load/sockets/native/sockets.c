#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct sockets *sockets_open(void) {
  struct sockets *sockets = calloc(1, sizeof *sockets);
  if (!sockets) return NULL;
  sockets->free = -1;
  sockets->epoll = epoll_create1(EPOLL_CLOEXEC);
  sockets->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)TIMER_SLOT};
  if (epoll_ctl(sockets->epoll, EPOLL_CTL_ADD, sockets->timer, &event) == 0) return sockets;
  if (sockets->epoll >= 0) close(sockets->epoll);
  if (sockets->timer >= 0) close(sockets->timer);
  free(sockets);
  return NULL;
}

void sockets_dispose(struct sockets *sockets) {
  for (int slot = 0; slot < sockets->count; slot++) {
    if (sockets->connections[slot].fd >= 0) sockets_close(sockets, slot);
  }
  close(sockets->epoll);
  close(sockets->timer);
  free(sockets->connections);
  free(sockets);
}

void sockets_watch(struct sockets *sockets, int slot, int operation) {
  struct connection *connection = &sockets->connections[slot];
  uint32_t interest = 0;
  if (connection->connecting || connection->length > 0) interest |= EPOLLOUT;
  if (!connection->connecting && connection->reading) interest |= EPOLLIN;
  if (operation == EPOLL_CTL_MOD && interest == connection->interest) return;
  connection->interest = interest;
  struct epoll_event event = {.events = interest, .data.u32 = (uint32_t)slot};
  epoll_ctl(sockets->epoll, operation, connection->fd, &event);
}

/* Returns −1 without memory. */
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

/* The port is chosen by connect, for the whole pair of addresses: bind alone would look for one that no pair uses. */
static int come_from(int fd, const char *source) {
  struct sockaddr_storage address;
  socklen_t length = address_of(source, 0, &address);
  int one = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  return length > 0 && bind(fd, (struct sockaddr *)&address, length) == 0 ? 0 : errno ? errno : EINVAL;
}

int sockets_connect(struct sockets *sockets, const char *host, uint16_t port, const char *source) {
  struct sockaddr_storage address;
  socklen_t length = address_of(host, port, &address);
  if (length == 0) return -EINVAL;
  int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  int failure = *source ? come_from(fd, source) : 0;
  if (failure == 0 && connect(fd, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS) failure = errno;
  int slot = failure == 0 ? take_slot(sockets) : -1;
  if (slot < 0) {
    close(fd);
    return failure ? -failure : -ENOMEM;
  }
  sockets->connections[slot] = (struct connection){.fd = fd, .connecting = true, .reading = true};
  sockets_watch(sockets, slot, EPOLL_CTL_ADD);
  return slot;
}

/* Keeps bytes until the kernel accepts them. */
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

size_t connection_push(struct connection *connection, const uint8_t *bytes, size_t length) {
  ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
  if (sent >= 0) return (size_t)sent;
  if (errno != EAGAIN && errno != EINTR) connection->error = errno;
  return 0;
}

void sockets_send(struct sockets *sockets, int slot, const uint8_t *bytes, size_t length) {
  struct connection *connection = &sockets->connections[slot];
  if (connection->fd < 0 || connection->error != 0) return;
  size_t sent = connection->length == 0 && !connection->connecting ? connection_push(connection, bytes, length) : 0;
  if (sent == length) return;
  if (connection->error == 0 && !keep(connection, bytes + sent, length - sent)) connection->error = ENOMEM;
  /* The shutdown makes epoll report the socket, and with it the error. */
  if (connection->error != 0) shutdown(connection->fd, SHUT_RDWR);
  sockets_watch(sockets, slot, EPOLL_CTL_MOD);
}

void sockets_set_reading(struct sockets *sockets, int slot, bool reading) {
  sockets->connections[slot].reading = reading;
  sockets_watch(sockets, slot, EPOLL_CTL_MOD);
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

void sockets_wake_in(struct sockets *sockets, int32_t us) {
  struct itimerspec when = {.it_value = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000L}};
  timerfd_settime(sockets->timer, 0, &when, NULL);
}
