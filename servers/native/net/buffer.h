/*
 * A byte queue: bytes are appended at the tail and consumed at the head.
 *
 * It starts in storage borrowed from the driver (a thread's stack, the event loop's scratch space) and moves to the
 * heap only when it must hold more than that, or hold it for longer. So a connection that is idle, which most of many
 * connections are, holds no buffer memory at all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
  uint8_t *bytes;
  size_t start, end, capacity;
  bool owned; /* the storage is the buffer's own heap block, not borrowed */
};

static inline size_t buffer_length(const struct buffer *buffer) { return buffer->end - buffer->start; }
static inline uint8_t *buffer_head(const struct buffer *buffer) { return buffer->bytes + buffer->start; }
static inline uint8_t *buffer_tail(const struct buffer *buffer) { return buffer->bytes + buffer->end; }
static inline size_t buffer_room(const struct buffer *buffer) { return buffer->capacity - buffer->end; }

/* Drops count bytes (at most the length) at the head. */
static inline void buffer_consume(struct buffer *buffer, size_t count) {
  buffer->start += count;
  if (buffer->start == buffer->end) buffer->start = buffer->end = 0;
}

/* Lets an empty buffer use borrowed storage; one that has storage of its own keeps it. */
void buffer_borrow(struct buffer *buffer, uint8_t *storage, size_t capacity);

/* Makes room for count more bytes at the tail. False when there is no memory. */
bool buffer_reserve(struct buffer *buffer, size_t count);

/* Appends bytes. False when there is no memory. */
bool buffer_append(struct buffer *buffer, const void *bytes, size_t count);

/* Gives borrowed storage back: what is left moves to the heap, an empty buffer holds nothing. False: no memory. */
bool buffer_settle(struct buffer *buffer);

/* Frees what the buffer owns. */
void buffer_release(struct buffer *buffer);
