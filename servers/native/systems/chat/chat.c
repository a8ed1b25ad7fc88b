/*
 * chat: a client joins with a name; what it says reaches every other client, whichever worker serves that one. Each
 * sender's messages are numbered from 1, so that receivers can tell what is missing, doubled or out of order.
 */
#include <stdlib.h>
#include <string.h>

#include "../../server/parameter.h"
#include "board.h"
#include "rings.h"
#include "../../services/framed.h"

enum { JOINED, SAID }; /* figures */

enum { TEXT_BYTES = 16384 }; /* longest text */

static uint32_t stall_us = 5000000;

static const char *set(const char *key, const char *value) {
  if (strcmp(key, "stall") == 0 && parse_duration_us(value, 3600000000U, &stall_us)) return NULL;
  return "chat takes stall=TIME, such as 500ms or 5s, up to 3600s";
}

static struct member *member_of(const struct conversation *conversation) {
  return (struct member *)(uintptr_t)conversation->state[0];
}

/* Control characters, line ends, and invisible characters that join, hide or turn around what stands next to them. */
static const struct range {
  int32_t first, last;
} forbidden[] = {{0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x61c, 0x61c},   {0x200b, 0x200f},
                 {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xffff}, {0xe0000, 0xe0fff}};

/* Why a name, which is UTF-8, cannot be had (the rule of servers/systems/chat/chat-name.ts); NULL when it can. */
static const char *name_problem(const uint8_t *name, uint32_t length) {
  if (length == 0 || length > BOARD_NAME_BYTES) return "a name takes 1 to 64 bytes";
  uint32_t used = 0;
  for (uint32_t at = 0; at < length; at += used) {
    int32_t code = utf8_next(name + at, length - at, &used);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
      if (code >= forbidden[i].first && code <= forbidden[i].last) {
        return "a name takes no control or invisible characters";
      }
    }
  }
  return name[0] == ' ' || name[length - 1] == ' ' ? "a name neither starts nor ends with a space" : NULL;
}

static enum step welcome(struct conversation *conversation, const struct frame *request, uint32_t held,
                         const struct buffer *names) {
  size_t length = buffer_length(names);
  uint8_t *body = framed_reply(conversation, request, 8 + length);
  if (!body) return STEP_FAULT;
  write_u32(body, held);
  write_u32(body + 4, held < BOARD_NAMES_LISTED ? held : BOARD_NAMES_LISTED);
  if (length > 0) memcpy(body + 8, buffer_head(names), length);
  return STEP_DONE_ONE;
}

static enum step join(struct conversation *conversation, const struct frame *request) {
  const uint8_t *name = request->body + 4;
  uint32_t length = (uint32_t)request->body_length - 4, held;
  if (member_of(conversation)) return framed_refuse(conversation, request, "you have joined already");
  const char *problem = name_problem(name, length);
  if (problem) return framed_refuse(conversation, request, problem);
  struct member *member = calloc(1, sizeof *member);
  if (!member) return STEP_FAULT;
  struct buffer names = {0};
  bool taken;
  member->conversation = conversation;
  member->name = board_claim(name, length, &names, &held, &taken);
  enum step step;
  if (member->name) {
    step = welcome(conversation, request, held, &names);
    members_add(member);
    conversation->state[0] = (uintptr_t)member;
    figure_add(conversation, JOINED, 1);
  } else {
    free(member);
    step = framed_error(conversation, request, taken ? HF_ERROR_TAKEN : HF_ERROR_BUSY,
                        taken ? "somebody here has that name" : "the chat is full", STEP_DONE_ONE);
  }
  buffer_release(&names);
  return step;
}

static enum step say(struct conversation *conversation, const struct frame *request) {
  struct member *member = member_of(conversation);
  uint32_t length = (uint32_t)request->body_length - 4;
  if (!member) return framed_refuse(conversation, request, "join first");
  if (length == 0 || length > TEXT_BYTES) return framed_refuse(conversation, request, "a text takes 1 to 16384 bytes");
  /* The text goes on as the field that it came in. */
  uint32_t number = board_say(member, request->body, 4 + length);
  figure_add(conversation, SAID, 1);
  return framed_reply_u32(conversation, request, number, STEP_DONE_ONE);
}

/* Announces a member's end and frees its name. */
static void depart(struct conversation *conversation, bool abrupt) {
  struct member *member = member_of(conversation);
  members_remove(member);
  conversation->state[0] = 0;
  board_release(member->name, abrupt);
  free(member);
}

static enum step leave(struct conversation *conversation, const struct frame *request) {
  struct member *member = member_of(conversation);
  if (!member) return framed_refuse(conversation, request, "join first");
  uint32_t said = member->name->said;
  depart(conversation, false);
  return framed_reply_u32(conversation, request, said, STEP_CLOSE);
}

static const struct method methods[] = {
    {HF_METHOD_CHAT_JOIN, join, .field = FIELD_STRING},
    {HF_METHOD_CHAT_SAY, say, .field = FIELD_STRING},
    {HF_METHOD_CHAT_LEAVE, leave, .field = FIELD_NONE},
    {0},
};

static bool may_end(const struct conversation *conversation) { return !member_of(conversation); }

static void end(struct conversation *conversation) {
  if (member_of(conversation)) depart(conversation, true);
}

static void hear(void) {
  members_cut_stalled(stall_us / 1000);
  if (!board_read()) members_cut_all();
}

static const struct together together = {.attend = rings_attend, .hear = hear, .next_told = members_next_told};

const struct service chat_service = {
    .id = "chat",
    .figure_names = {"joined", "said"},
    .set = set,
    .step = framed_step,
    .methods = methods,
    .may_end = may_end,
    .turn_away = framed_turn_away,
    .end = end,
    .prepare = board_prepare,
    .together = &together,
};
