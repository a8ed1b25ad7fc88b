/* echo: returns what it gets, as frames, or (--set raw=true) byte for byte so that any load tool can drive it. */
#include <string.h>

#include "../server/parameter.h"
#include "framed.h"

enum { MESSAGES, BYTES };

static bool raw = false;

static const char *set(const char *key, const char *value) {
  if (strcmp(key, "raw") == 0 && parse_bool(value, &raw)) return NULL;
  return "echo takes raw=true or raw=false";
}

static enum step answer(struct conversation *conversation, const struct frame *request) {
  figure_add(conversation, MESSAGES, 1);
  figure_add(conversation, BYTES, request->body_length - 4);
  return framed_return_body(conversation, request);
}

static const struct method methods[] = {{HF_METHOD_ECHO, answer, .field = FIELD_BYTES}, {0}};

static enum step step(const struct service *service, struct conversation *conversation) {
  if (!raw) return framed_step(service, conversation);
  struct buffer *in = &conversation->in;
  size_t length = buffer_length(in);
  if (!buffer_append(&conversation->out, buffer_head(in), length)) return STEP_FAULT;
  buffer_consume(in, length);
  figure_add(conversation, MESSAGES, 1);
  figure_add(conversation, BYTES, length);
  return STEP_DONE_ONE;
}

static void turn_away(struct conversation *conversation) {
  if (!raw) framed_turn_away(conversation);
}

const struct service echo_service = {
    .id = "echo",
    .figure_names = {"messages", "bytes"},
    .set = set,
    .step = step,
    .methods = methods,
    .turn_away = turn_away,
};
