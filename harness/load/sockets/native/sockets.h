/*
 * The client side of many TCP connections over one epoll: what the load engine does for each message, without a
 * crossing between C and JavaScript for each. Knows nothing of either; addon.c joins it to Node.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What happened on a connection. The numbers are known to native-sockets.ts. */
enum socket_event_kind {
  SOCKET_CONNECTED = 1,
  SOCKET_BYTES = 2,  /* `value` bytes at `offset` of the input */
  SOCKET_ENDED = 3,  /* the peer has ended its side */
  SOCKET_FAILED = 4, /* `value` is an errno */
  SOCKET_DRAINED = 5 /* what the kernel did not take at once is gone */
};

struct socket_event {
  int32_t slot, kind, value, offset;
};

/* Where a turn's events go, with the time of each (CLOCK_MONOTONIC, in ms) and the bytes that came. */
struct turn {
  struct socket_event *events;
  double *times_ms;
  uint8_t *input;
  int capacity, count; /* of the events */
  size_t input_bytes, used;
};

struct connection {
  int fd; /* −1: the slot is free, and `length` is the next free one */
  uint8_t *pending;
  uint32_t start, length; /* of what the kernel has not taken yet */
  int error;              /* that a send met; told when the socket is next heard of */
  bool connecting, reading, ending;
  uint32_t interest;
};

struct sockets {
  int epoll; /* readable while there is something to collect */
  struct connection *connections;
  int count, capacity, free;
};

/* NULL with errno where there is no epoll or no memory. */
struct sockets *sockets_open(void);

/* Closes every connection that is left. */
void sockets_dispose(struct sockets *sockets);

/* Starts an attempt. `host` is a numeric address. Returns the connection's slot, or a negative errno. */
int sockets_connect(struct sockets *sockets, const char *host, uint16_t port);

/* Sends, and keeps what the kernel does not take. A failure comes as an event. */
void sockets_send(struct sockets *sockets, int slot, const uint8_t *bytes, size_t length);

/* Reads no more until resumed. */
void sockets_set_reading(struct sockets *sockets, int slot, bool reading);

/* Ends this side, after what is pending. */
void sockets_end(struct sockets *sockets, int slot);

/* Frees descriptor and slot at once; what is pending is gone. */
void sockets_close(struct sockets *sockets, int slot);

/* Collects what has happened, without waiting. Returns the number of events; 0 where nothing needs telling. */
int sockets_collect(struct sockets *sockets, struct turn *turn);

/* The kernel watches for what is waited for, and for nothing else: otherwise a paused connection would wake us forever. */
void sockets_watch(struct sockets *sockets, int slot, int operation);

/* Bytes that the kernel took; a failure is remembered. */
size_t connection_push(struct connection *connection, const uint8_t *bytes, size_t length);
