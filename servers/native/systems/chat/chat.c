/*
 * chat: a client joins with a name; what it says reaches every other client, whichever worker serves that one. Each
 * sender's messages are numbered from 1, so that receivers can tell what is missing, doubled or out of order.
 */
#include <stdlib.h>
#include <string.h>

#include "../../server/parameter.h"
#include "chat_members.h"
#include "chat_name.h"
#include "../../services/framed.h"

enum { JOINED, SAID }; /* figures */

/* Names that a newcomer is told at most, and the longest text. */
enum { NAMES_TOLD = 1000, TEXT_BYTES = 16384 };

static uint32_t stall_us = 5000000;

static const char *set(const char *key, const char *value) {
  if (strcmp(key, "stall") == 0 && parse_duration_us(value, 3600000000U, &stall_us)) return NULL;
  return "chat takes stall=TIME, such as 500ms or 5s, up to 3600s";
}

static struct member *member_of(const struct conversation *conversation) {
  return (struct member *)(uintptr_t)conversation->state[0];
}

/* ------------------------------------------------------------------ events */

/* An event: a number (unless it is the joining one), the name, and what stands behind it. */
static uint32_t make_event(uint8_t event[RING_MESSAGE_BYTES], uint16_t method, const struct member *member,
                           uint32_t number, const uint8_t *rest, uint32_t rest_length) {
  struct buffer out = {.bytes = event, .capacity = RING_MESSAGE_BYTES};
  uint32_t numbered = method == HF_METHOD_CHAT_JOIN ? 0 : 4;
  uint8_t *body = frame_begin(&out, HF_KIND_EVENT, method, 0, numbered + 4 + member->length + rest_length);
  if (numbered > 0) write_u32(body, number);
  write_u32(body + numbered, member->length);
  memcpy(body + numbered + 4, member->name, member->length);
  if (rest_length > 0) memcpy(body + numbered + 4 + member->length, rest, rest_length);
  return (uint32_t)buffer_length(&out);
}

static uint32_t make_leave(uint8_t event[RING_MESSAGE_BYTES], const struct member *member, bool abrupt) {
  uint8_t flag[4] = {0, 0, 0, abrupt};
  return make_event(event, HF_METHOD_CHAT_LEAVE, member, member->said, flag, sizeof flag);
}

static uint32_t departure(const uint8_t *name, uint32_t length, uint32_t said, uint8_t event[RING_MESSAGE_BYTES]) {
  struct member dead = {.said = said, .length = length};
  memcpy(dead.name, name, length);
  return make_leave(event, &dead, true);
}

/* ------------------------------------------------------------------ what members ask */

static enum step welcome(struct conversation *conversation, const struct frame *request, uint32_t held,
                         const struct buffer *names) {
  size_t length = buffer_length(names);
  uint8_t *body = framed_reply(conversation, request, 8 + length);
  if (!body) return STEP_FAULT;
  write_u32(body, held);
  write_u32(body + 4, held < NAMES_TOLD ? held : NAMES_TOLD);
  if (length > 0) memcpy(body + 8, buffer_head(names), length);
  return STEP_DONE_ONE;
}

static enum step join(struct conversation *conversation, const struct frame *request) {
  if (!field_is_string(request->body, request->body_length)) return framed_bad_body(conversation, request);
  const uint8_t *name = request->body + 4;
  uint32_t length = (uint32_t)request->body_length - 4, held;
  if (member_of(conversation)) return framed_refuse(conversation, request, "you have joined already");
  const char *problem = chat_name_problem(name, length);
  if (problem) return framed_refuse(conversation, request, problem);
  struct member *member = calloc(1, sizeof *member);
  if (!member) return STEP_FAULT;
  member->conversation = conversation;
  member->length = length;
  memcpy(member->name, name, length);
  uint8_t event[RING_MESSAGE_BYTES];
  uint32_t event_length = make_event(event, HF_METHOD_CHAT_JOIN, member, 0, NULL, 0);
  struct buffer names = {0};
  member->number = board_claim(name, length, event, event_length, &names, NAMES_TOLD, &held);
  enum step step = STEP_DONE_ONE;
  if (member->number >= 0) {
    step = welcome(conversation, request, held, &names);
    members_tell(NULL, event, event_length);
    members_add(member);
    conversation->state[0] = (uintptr_t)member;
    figure_add(conversation, JOINED, 1);
  } else {
    bool taken = member->number == BOARD_TAKEN;
    free(member);
    step = taken ? framed_error(conversation, request, HF_ERROR_TAKEN, "somebody here has that name", STEP_DONE_ONE)
                 : framed_error(conversation, request, HF_ERROR_BUSY, "the chat is full", STEP_DONE_ONE);
  }
  buffer_release(&names);
  return step;
}

static enum step say(struct conversation *conversation, const struct frame *request) {
  if (!field_is_string(request->body, request->body_length)) return framed_bad_body(conversation, request);
  struct member *member = member_of(conversation);
  uint32_t length = (uint32_t)request->body_length - 4;
  if (!member) return framed_refuse(conversation, request, "join first");
  if (length == 0 || length > TEXT_BYTES) return framed_refuse(conversation, request, "a text takes 1 to 16384 bytes");
  member->said++;
  uint8_t event[RING_MESSAGE_BYTES];
  /* The text goes on as the field that it came in. */
  uint32_t event_length = make_event(event, HF_METHOD_CHAT_SAY, member, member->said, request->body, 4 + length);
  members_tell(member, event, event_length);
  board_publish(member->number, member->said, event, event_length);
  figure_add(conversation, SAID, 1);
  return framed_reply_u32(conversation, request, member->said);
}

/* Announces a member's end and frees its name. */
static void depart(struct conversation *conversation, bool abrupt) {
  struct member *member = member_of(conversation);
  members_remove(member);
  conversation->state[0] = 0;
  uint8_t event[RING_MESSAGE_BYTES];
  uint32_t length = make_leave(event, member, abrupt);
  members_tell(NULL, event, length);
  board_release(member->number, event, length);
  free(member);
}

static enum step leave(struct conversation *conversation, const struct frame *request) {
  struct member *member = member_of(conversation);
  if (request->body_length != 0) return framed_bad_body(conversation, request);
  if (!member) return framed_refuse(conversation, request, "join first");
  uint32_t said = member->said;
  depart(conversation, false);
  enum step step = framed_reply_u32(conversation, request, said);
  return step == STEP_DONE_ONE ? STEP_CLOSE : step;
}

static enum step answer(struct conversation *conversation, const struct frame *request) {
  switch (request->method) {
    case HF_METHOD_CHAT_JOIN:
      return join(conversation, request);
    case HF_METHOD_CHAT_SAY:
      return say(conversation, request);
    case HF_METHOD_CHAT_LEAVE:
      return leave(conversation, request);
    default:
      return framed_unknown_method(conversation, request);
  }
}

static bool may_end(const struct conversation *conversation) { return !member_of(conversation); }

/* ------------------------------------------------------------------ what the worker does for all of them */

static void heard(const uint8_t *event, uint32_t length) { members_tell(NULL, event, length); }

static bool prepare(void) {
  static const struct board_listener listener = {.heard = heard, .departure = departure};
  return board_prepare(&listener);
}

static void hear(void) {
  if (!members_any()) return;
  members_cut_stalled(stall_us / 1000);
  if (!board_read()) members_cut_all();
}

static void end(struct conversation *conversation) {
  if (member_of(conversation)) depart(conversation, true);
}

static const struct together together = {.attend = rings_attend, .hear = hear, .next_told = members_next_told};

const struct service chat_service = {
    .id = "chat",
    .figure_names = {"joined", "said"},
    .set = set,
    .step = framed_step,
    .answer = answer,
    .may_end = may_end,
    .turn_away = framed_turn_away,
    .end = end,
    .prepare = prepare,
    .together = &together,
};
