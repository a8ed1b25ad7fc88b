/* What every framed service shares: one frame at a time, bad frames, unknown methods, turning away. */
#pragma once

#include "service.h"

enum field { FIELD_NONE, FIELD_BYTES, FIELD_STRING };

/* A method: the fields of its request, and what answers one. The frame stands in `in` until answer() returns. */
struct method {
  uint16_t id;
  enum step (*answer)(struct conversation *conversation, const struct frame *request);
  enum field field;
  size_t before, after; /* bytes of the numbers that stand in front of the field and behind it */
};

/* struct service.step: has the method answer one frame whose body has the method's fields. */
enum step framed_step(const struct service *service, struct conversation *conversation);

/* Appends the header of a reply. Returns where its body goes, which the caller fills; NULL when there is no memory. */
uint8_t *framed_reply(struct conversation *conversation, const struct frame *request, size_t body_length);

/* Appends a reply of the same body that the request had. */
enum step framed_return_body(struct conversation *conversation, const struct frame *request);

/* Appends a reply of one u32. The connection goes on with `then`. */
enum step framed_reply_u32(struct conversation *conversation, const struct frame *request, uint32_t value,
                           enum step then);

/* Appends an error; the connection goes on with `then`. */
enum step framed_error(struct conversation *conversation, const struct frame *request, uint32_t code,
                       const char *message, enum step then);

/* Appends the error for an argument out of its range; the connection goes on. */
enum step framed_refuse(struct conversation *conversation, const struct frame *request, const char *message);

/* struct service.turn_away of framed services: a busy error, which answers the first request if it is here. */
void framed_turn_away(struct conversation *conversation);
