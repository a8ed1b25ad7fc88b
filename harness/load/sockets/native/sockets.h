/*
 * The client side of many TCP connections on one epoll: the load engine's work per message, without a call between C
 * and JavaScript for each. Independent of both; addon.c binds it to Node.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What happened on a connection. native-sockets.ts knows these numbers. */
enum socket_event_kind {
  SOCKET_CONNECTED = 1,
  SOCKET_BYTES = 2,  /* `value` bytes at `offset` of the input */
  SOCKET_ENDED = 3,  /* the peer has ended its side */
  SOCKET_FAILED = 4, /* `value` is an errno */
  SOCKET_DRAINED = 5, /* what the kernel did not take at once is gone */
  SOCKET_WOKEN = 6    /* the timer has run out */
};

/* In place of a connection's slot in the timer's event. */
enum { TIMER_SLOT = -1 };

struct socket_event {
  int32_t slot, kind, value, offset;
};

/* Output of one turn: the events, the time of each (CLOCK_MONOTONIC, ms) and the bytes received. */
struct turn {
  struct socket_event *events;
  double *times_ms;
  uint8_t *input;
  int capacity, count; /* counted in events */
  size_t input_bytes, used;
};

struct connection {
  int fd; /* −1: the slot is free, and `length` is the next free one */
  uint8_t *pending;
  uint32_t start, length; /* of the bytes that the kernel has not accepted yet */
  int error;              /* of a failed send; reported with the socket's next event */
  bool connecting, reading, ending;
  uint32_t interest;
};

struct sockets {
  int epoll; /* readable while there are events to collect */
  int timer; /* on the same epoll: libuv's own timers have a grain of 1 ms */
  struct connection *connections;
  int count, capacity, free;
};

/* NULL with errno set without an epoll or memory. */
struct sockets *sockets_open(void);

/* Closes all remaining connections. */
void sockets_dispose(struct sockets *sockets);

/*
 * Starts to connect. `host` is a numeric address, `source` too, or "" for the kernel's choice. Returns the connection's
 * slot, or a negative errno.
 */
int sockets_connect(struct sockets *sockets, const char *host, uint16_t port, const char *source);

/* Sends, and keeps what the kernel does not accept. A failure is reported as an event. */
void sockets_send(struct sockets *sockets, int slot, const uint8_t *bytes, size_t length);

/* Pauses or resumes reading. */
void sockets_set_reading(struct sockets *sockets, int slot, bool reading);

/* Half-closes after the pending bytes are sent. */
void sockets_end(struct sockets *sockets, int slot);

/* Frees descriptor and slot at once; pending bytes are dropped. */
void sockets_close(struct sockets *sockets, int slot);

/* Tells of SOCKET_WOKEN in so many µs, in place of what was asked for before; 0: never. */
void sockets_wake_in(struct sockets *sockets, int32_t us);

/* Collects events without waiting. Returns their number; 0 if there is nothing to report. */
int sockets_collect(struct sockets *sockets, struct turn *turn);

/* Watches only for events that are awaited: otherwise a paused connection would wake us forever. */
void sockets_watch(struct sockets *sockets, int slot, int operation);

/* Returns the bytes that the kernel accepted; a failure is stored in `error`. */
size_t connection_push(struct connection *connection, const uint8_t *bytes, size_t length);
