/* A connection as sockets.c keeps it and collect.c hears of it. */
#ifndef GENERATOR_CONNECTION_H
#define GENERATOR_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* The kernel watches for what is waited for, and for nothing else: otherwise a paused connection would wake us forever. */
void sockets_watch(struct sockets *sockets, int slot, int operation);

/* Bytes that the kernel took; a failure is remembered. */
size_t connection_push(struct connection *connection, const uint8_t *bytes, size_t length);

#endif
