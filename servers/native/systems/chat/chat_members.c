#include "chat_members.h"

#include "../../process/clock.h"

/* Bytes that may wait for a member that does not read, and how often members are looked at that do not. */
enum { UNSENT_BYTES = 4 << 20, WATCH_MS = 50 };

/* Of this worker: all, and those that were told something about which nobody has asked yet. */
static _Thread_local LIST_HEAD(, member) members, told;

static void remember_told(struct member *member) {
  if (!member->is_told) LIST_INSERT_HEAD(&told, member, in_told);
  member->is_told = true;
}

static void cut(struct member *member) {
  member->conversation->cut = true;
  remember_told(member);
}

static void tell(struct member *member, const uint8_t *event, uint32_t length) {
  struct buffer *out = &member->conversation->out;
  if (buffer_length(out) == 0) member->behind_since = 0;
  if (buffer_length(out) + length > UNSENT_BYTES || !buffer_append(out, event, length)) {
    cut(member);
  } else {
    remember_told(member);
  }
}

void members_add(struct member *member) { LIST_INSERT_HEAD(&members, member, in_all); }

void members_remove(struct member *member) {
  LIST_REMOVE(member, in_all);
  if (member->is_told) LIST_REMOVE(member, in_told);
}

void members_tell(const struct member *except, const uint8_t *event, uint32_t length) {
  struct member *member;
  LIST_FOREACH(member, &members, in_all) {
    if (member != except) tell(member, event, length);
  }
}

void members_cut_stalled(int64_t stall_ms) {
  static _Thread_local int64_t watched_ms;
  if (LIST_EMPTY(&members)) return;
  int64_t now = clock_ms();
  if (now - watched_ms < WATCH_MS) return;
  watched_ms = now;
  struct member *member;
  LIST_FOREACH(member, &members, in_all) {
    if (buffer_length(&member->conversation->out) == 0) {
      member->behind_since = 0;
    } else if (member->behind_since == 0) {
      member->behind_since = now;
    } else if (now - member->behind_since >= stall_ms) {
      cut(member);
    }
  }
}

void members_cut_all(void) {
  struct member *member;
  LIST_FOREACH(member, &members, in_all) cut(member);
}

struct conversation *members_next_told(void) {
  struct member *member = LIST_FIRST(&told);
  if (!member) return NULL;
  LIST_REMOVE(member, in_told);
  member->is_told = false;
  return member->conversation;
}
