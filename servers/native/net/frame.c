#include "frame.h"

#include <string.h>

static uint16_t read_u16(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

uint32_t read_u32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void write_u32(uint8_t *bytes, uint32_t value) {
  bytes[0] = (uint8_t)(value >> 24);
  bytes[1] = (uint8_t)(value >> 16);
  bytes[2] = (uint8_t)(value >> 8);
  bytes[3] = (uint8_t)value;
}

enum frame_state frame_decode(const uint8_t *bytes, size_t length, struct frame *frame, size_t *used) {
  *frame = (struct frame){0};
  if (length < HF_LENGTH_BYTES) return FRAME_PARTIAL;
  uint32_t frame_length = read_u32(bytes);
  if (frame_length < HF_HEADER_BYTES || frame_length > HF_MAX_FRAME_BYTES) return FRAME_BAD;
  if (length < HF_LENGTH_BYTES + HF_HEADER_BYTES) return FRAME_PARTIAL;
  frame->kind = bytes[5];
  frame->method = read_u16(bytes + 6);
  frame->call_id = read_u32(bytes + 8);
  if (bytes[4] != HF_VERSION) return FRAME_BAD;
  if (frame->kind < HF_KIND_REQUEST || frame->kind > HF_KIND_END) return FRAME_BAD;
  if (length < HF_LENGTH_BYTES + frame_length) return FRAME_PARTIAL;
  frame->body = bytes + HF_LENGTH_BYTES + HF_HEADER_BYTES;
  frame->body_length = frame_length - HF_HEADER_BYTES;
  *used = HF_LENGTH_BYTES + frame_length;
  return FRAME_COMPLETE;
}

uint8_t *frame_begin(struct buffer *out, uint8_t kind, uint16_t method, uint32_t call_id, size_t body_length) {
  size_t size = HF_LENGTH_BYTES + HF_HEADER_BYTES + body_length;
  if (!buffer_reserve(out, size)) return NULL;
  uint8_t *header = buffer_tail(out);
  write_u32(header, (uint32_t)(HF_HEADER_BYTES + body_length));
  header[4] = HF_VERSION;
  header[5] = kind;
  header[6] = (uint8_t)(method >> 8);
  header[7] = (uint8_t)method;
  write_u32(header + 8, call_id);
  out->end += size;
  return header + HF_LENGTH_BYTES + HF_HEADER_BYTES;
}

bool frame_error(struct buffer *out, const struct frame *request, uint32_t code, const char *message) {
  size_t length = strlen(message);
  uint8_t *body = frame_begin(out, HF_KIND_ERROR, request->method, request->call_id, 8 + length);
  if (!body) return false;
  write_u32(body, code);
  write_u32(body + 4, (uint32_t)length);
  memcpy(body + 8, message, length);
  return true;
}

int32_t utf8_next(const uint8_t *bytes, uint32_t length, uint32_t *used) {
  static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  uint8_t first = bytes[0];
  uint32_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  if (size == 0 || size > length) return -1;
  int32_t code = size == 1 ? first : first & (0x7f >> size);
  for (uint32_t i = 1; i < size; i++) {
    if (bytes[i] >> 6 != 2) return -1;
    code = code << 6 | (bytes[i] & 0x3f);
  }
  if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return -1;
  *used = size;
  return code;
}
