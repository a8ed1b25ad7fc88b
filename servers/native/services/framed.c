#include "framed.h"

#include <string.h>

static bool utf8_is_valid(const uint8_t *bytes, uint32_t length) {
  uint32_t used = 0;
  for (uint32_t at = 0; at < length; at += used) {
    if (utf8_next(bytes + at, length - at, &used) < 0) return false;
  }
  return true;
}

/* Whether the body is exactly the method's fields. */
static bool has_fields(const struct method *method, const struct frame *request) {
  size_t numbers = method->before + method->after;
  if (method->field == FIELD_NONE) return request->body_length == numbers;
  if (request->body_length < numbers + 4) return false;
  const uint8_t *field = request->body + method->before;
  uint32_t length = read_u32(field);
  if (length != request->body_length - numbers - 4) return false;
  return method->field == FIELD_BYTES || utf8_is_valid(field + 4, length);
}

static enum step answer(const struct method *methods, struct conversation *conversation, const struct frame *request) {
  const struct method *method = methods;
  while (method->answer && method->id != request->method) method++;
  if (!method->answer) {
    return framed_error(conversation, request, HF_ERROR_UNKNOWN_METHOD, "no such method here", STEP_DONE_ONE);
  }
  if (has_fields(method, request)) return method->answer(conversation, request);
  return framed_error(conversation, request, HF_ERROR_BAD_FRAME, "the body does not have the method's fields",
                      STEP_FAULT);
}

enum step framed_step(const struct service *service, struct conversation *conversation) {
  struct buffer *in = &conversation->in;
  struct frame frame;
  size_t used = 0;
  switch (frame_decode(buffer_head(in), buffer_length(in), &frame, &used)) {
    case FRAME_PARTIAL:
      return STEP_NEEDS_MORE;
    case FRAME_BAD:
      return framed_error(conversation, &frame, HF_ERROR_BAD_FRAME, "the frame's length, version or kind is not allowed",
                          STEP_FAULT);
    case FRAME_COMPLETE:
      break;
  }
  if (frame.kind != HF_KIND_REQUEST) {
    return framed_error(conversation, &frame, HF_ERROR_BAD_FRAME, "a server takes requests only", STEP_FAULT);
  }
  enum step step = answer(service->methods, conversation, &frame);
  buffer_consume(in, used);
  return step;
}

uint8_t *framed_reply(struct conversation *conversation, const struct frame *request, size_t body_length) {
  return frame_begin(&conversation->out, HF_KIND_REPLY, request->method, request->call_id, body_length);
}

enum step framed_return_body(struct conversation *conversation, const struct frame *request) {
  uint8_t *body = framed_reply(conversation, request, request->body_length);
  if (!body) return STEP_FAULT;
  memcpy(body, request->body, request->body_length);
  return STEP_DONE_ONE;
}

enum step framed_reply_u32(struct conversation *conversation, const struct frame *request, uint32_t value,
                           enum step then) {
  uint8_t *body = framed_reply(conversation, request, 4);
  if (!body) return STEP_FAULT;
  write_u32(body, value);
  return then;
}

enum step framed_error(struct conversation *conversation, const struct frame *request, uint32_t code,
                       const char *message, enum step then) {
  return frame_error(&conversation->out, request, code, message) ? then : STEP_FAULT;
}

enum step framed_refuse(struct conversation *conversation, const struct frame *request, const char *message) {
  return framed_error(conversation, request, HF_ERROR_BAD_ARGUMENT, message, STEP_DONE_ONE);
}

void framed_turn_away(struct conversation *conversation) {
  struct frame frame;
  size_t used;
  frame_decode(buffer_head(&conversation->in), buffer_length(&conversation->in), &frame, &used);
  frame_error(&conversation->out, &frame, HF_ERROR_BUSY, "no worker is free: come back later");
}
