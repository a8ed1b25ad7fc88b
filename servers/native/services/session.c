/*
 * session: a client opens a session, exchanges messages, closes it. A client that no worker could take within the
 * waiting period is told to come back later; so is one that itself was ready to wait for less than it did.
 */
#include "framed.h"

enum { OPENED, EXCHANGES, CLOSED }; /* figures */

/* What stands in the conversation's state. */
enum { IS_OPEN, EXCHANGES_SO_FAR };

static enum step open_session(struct conversation *conversation, const struct frame *request) {
  if (conversation->state[IS_OPEN]) return framed_refuse(conversation, request, "the session is open already");
  uint32_t patience_ms = read_u32(request->body);
  if (patience_ms > 0 && conversation->waited_ms > patience_ms) {
    return framed_error(conversation, request, HF_ERROR_BUSY, "no worker came free within your waiting period",
                        STEP_TURN_AWAY);
  }
  conversation->state[IS_OPEN] = 1;
  figure_add(conversation, OPENED, 1);
  return framed_reply_u32(conversation, request, conversation->waited_ms, STEP_DONE_ONE);
}

static enum step exchange(struct conversation *conversation, const struct frame *request) {
  if (!conversation->state[IS_OPEN]) return framed_refuse(conversation, request, "open the session first");
  conversation->state[EXCHANGES_SO_FAR]++;
  figure_add(conversation, EXCHANGES, 1);
  return framed_return_body(conversation, request);
}

static enum step close_session(struct conversation *conversation, const struct frame *request) {
  if (!conversation->state[IS_OPEN]) return framed_refuse(conversation, request, "open the session first");
  conversation->state[IS_OPEN] = 0;
  figure_add(conversation, CLOSED, 1);
  return framed_reply_u32(conversation, request, (uint32_t)conversation->state[EXCHANGES_SO_FAR], STEP_CLOSE);
}

static const struct method methods[] = {
    {HF_METHOD_SESSION_OPEN, open_session, .before = 4},
    {HF_METHOD_SESSION_MESSAGE, exchange, .field = FIELD_BYTES},
    {HF_METHOD_SESSION_CLOSE, close_session, .field = FIELD_NONE},
    {0},
};

static bool may_end(const struct conversation *conversation) { return !conversation->state[IS_OPEN]; }

const struct service session_service = {
    .id = "session",
    .figure_names = {"opened", "exchanges", "closed"},
    .step = framed_step,
    .methods = methods,
    .may_end = may_end,
    .turn_away = framed_turn_away,
};
