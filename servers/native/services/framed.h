/* What every framed service shares: one frame at a time, bad frames, unknown methods, turning away. */
#pragma once

#include "service.h"

/* struct service.step: hands one frame to service->answer. */
enum step framed_step(const struct service *service, struct conversation *conversation);

/* Appends the header of a reply. Returns where its body goes, which the caller fills; NULL when there is no memory. */
uint8_t *framed_reply(struct conversation *conversation, const struct frame *request, size_t body_length);

/* Appends a reply of the same body that the request had. */
enum step framed_return_body(struct conversation *conversation, const struct frame *request);

/* Appends a reply of one u32. */
enum step framed_reply_u32(struct conversation *conversation, const struct frame *request, uint32_t value);

/* Appends an error; the connection goes on with `then`. */
enum step framed_error(struct conversation *conversation, const struct frame *request, uint32_t code,
                       const char *message, enum step then);

/* Appends the error for an argument out of its range; the connection goes on. */
enum step framed_refuse(struct conversation *conversation, const struct frame *request, const char *message);

enum step framed_bad_body(struct conversation *conversation, const struct frame *request);
enum step framed_unknown_method(struct conversation *conversation, const struct frame *request);

/* struct service.turn_away of framed services: a busy error, which answers the first request if it is here. */
void framed_turn_away(struct conversation *conversation);
