/* What every framed service shares: one frame at a time, bad frames, unknown methods, turning away. */
#ifndef HOLDFAST_FRAMED_H
#define HOLDFAST_FRAMED_H

#include "../net/frame.h"
#include "service.h"

/* Answers one request. The frame's body stands in conversation->in until the handler returns. */
typedef enum step (*frame_handler)(struct conversation *conversation, const struct frame *request);

enum step framed_step(struct conversation *conversation, frame_handler handler);

/* Appends a reply of the same body that the request had. */
enum step framed_return_body(struct conversation *conversation, const struct frame *request);

/* Appends a reply of one u32. */
enum step framed_reply_u32(struct conversation *conversation, const struct frame *request, uint32_t value);

/* Appends an error; the connection goes on with `then`. */
enum step framed_error(struct conversation *conversation, const struct frame *request, uint32_t code,
                       const char *message, enum step then);

enum step framed_bad_body(struct conversation *conversation, const struct frame *request);
enum step framed_unknown_method(struct conversation *conversation, const struct frame *request);

/* struct service.turn_away of framed services: a busy error, which answers the first request if it is here. */
void framed_turn_away(struct conversation *conversation);

#endif
