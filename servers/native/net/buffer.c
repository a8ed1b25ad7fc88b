#include "buffer.h"

#include <stdlib.h>
#include <string.h>

void buffer_borrow(struct buffer *buffer, uint8_t *storage, size_t capacity) {
  if (buffer->owned) return;
  *buffer = (struct buffer){.bytes = storage, .capacity = capacity};
}

/* Moves the content to the front of a heap block of the given capacity. */
static bool move_to_heap(struct buffer *buffer, size_t capacity) {
  uint8_t *bytes = malloc(capacity);
  if (!bytes) return false;
  size_t length = buffer_length(buffer);
  if (length > 0) memcpy(bytes, buffer_head(buffer), length);
  if (buffer->owned) free(buffer->bytes);
  *buffer = (struct buffer){.bytes = bytes, .end = length, .capacity = capacity, .owned = true};
  return true;
}

bool buffer_reserve(struct buffer *buffer, size_t count) {
  if (buffer_room(buffer) >= count) return true;
  size_t length = buffer_length(buffer);
  if (buffer->capacity - length >= count) {
    memmove(buffer->bytes, buffer_head(buffer), length);
    buffer->start = 0;
    buffer->end = length;
    return true;
  }
  size_t capacity = buffer->capacity > 0 ? buffer->capacity : 256;
  while (capacity < length + count) capacity *= 2;
  return move_to_heap(buffer, capacity);
}

bool buffer_append(struct buffer *buffer, const void *bytes, size_t count) {
  if (!buffer_reserve(buffer, count)) return false;
  memcpy(buffer_tail(buffer), bytes, count);
  buffer->end += count;
  return true;
}

bool buffer_settle(struct buffer *buffer) {
  size_t length = buffer_length(buffer);
  if (length == 0) {
    buffer_release(buffer);
    return true;
  }
  return buffer->owned || move_to_heap(buffer, length);
}

void buffer_release(struct buffer *buffer) {
  if (buffer->owned) free(buffer->bytes);
  *buffer = (struct buffer){0};
}
