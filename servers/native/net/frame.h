/* Frames of docs/servers/wire.md: reading one from the bytes that are here, and writing one. */
#pragma once

#include "buffer.h"
#include "wire.h"

/* A frame as it stands in the buffer it was read from: valid until that buffer changes. */
struct frame {
  uint8_t kind;
  uint16_t method;
  uint32_t call_id;
  const uint8_t *body;
  size_t body_length;
};

enum frame_state {
  FRAME_COMPLETE,
  FRAME_PARTIAL, /* right so far, more bytes are needed */
  FRAME_BAD,     /* length, version or kind is not allowed; call_id and method are set if they are known */
};

/*
 * Reads the frame at the head of the bytes. *used is its whole size when it is complete. Length, version and kind are
 * checked as soon as they are here, so that a bad frame is answered without waiting for its body.
 */
enum frame_state frame_decode(const uint8_t *bytes, size_t length, struct frame *frame, size_t *used);

/*
 * Appends a frame's header and makes room for its body. Returns where the body goes (body_length bytes, which the
 * caller fills), or NULL when there is no memory.
 */
uint8_t *frame_begin(struct buffer *out, uint8_t kind, uint16_t method, uint32_t call_id, size_t body_length);

/* Appends an error frame that answers the request. False: no memory. */
bool frame_error(struct buffer *out, const struct frame *request, uint32_t code, const char *message);

/*
 * The code point at the head of the bytes, and in *used how many it takes. -1 when they are no UTF-8: cut off, longer
 * than need be, a surrogate, or beyond U+10FFFF (RFC 3629).
 */
int32_t utf8_next(const uint8_t *bytes, uint32_t length, uint32_t *used);

uint32_t read_u32(const uint8_t *bytes);
void write_u32(uint8_t *bytes, uint32_t value);
