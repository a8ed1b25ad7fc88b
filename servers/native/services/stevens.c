/*
 * stevens: reads "N\n" and answers N bytes, as often as it is asked. This is the protocol of the client and the
 * servers that W. R. Stevens compared in "UNIX Network Programming", vol. 1, ch. 30, so his table can be drawn again.
 */
#include <string.h>

#include "service.h"

enum { REQUESTS, BYTES };
enum { MAX_BYTES = 1048576, MAX_LINE = 8 }; /* "1048576" and its line end */

static enum step step(const struct service *service, struct conversation *conversation) {
  (void)service;
  struct buffer *in = &conversation->in;
  const uint8_t *line = buffer_head(in);
  size_t length = buffer_length(in);
  size_t digits = 0;
  uint32_t count = 0;
  while (digits < length && digits < MAX_LINE && line[digits] >= '0' && line[digits] <= '9') {
    count = count * 10 + (uint32_t)(line[digits++] - '0');
  }
  if (digits == length && digits < MAX_LINE) return STEP_NEEDS_MORE;
  if (digits == 0 || digits == MAX_LINE || line[digits] != '\n') return STEP_FAULT;
  if (count < 1 || count > MAX_BYTES) return STEP_FAULT;
  if (!buffer_reserve(&conversation->out, count)) return STEP_FAULT;
  memset(buffer_tail(&conversation->out), 'x', count);
  conversation->out.end += count;
  buffer_consume(in, digits + 1);
  figure_add(conversation, REQUESTS, 1);
  figure_add(conversation, BYTES, count);
  return STEP_DONE_ONE;
}

const struct service stevens_service = {
    .id = "stevens",
    .figure_names = {"requests", "bytes"},
    .step = step,
};
