#include "chat_members.h"

#include "../../process/clock.h"

/* Bytes that may wait for a member that does not read, and how often members are looked at that do not. */
enum { UNSENT_BYTES = 4 << 20, WATCH_MS = 50 };

/* Of this worker: all, and those that were told something about which nobody has asked yet. */
static _Thread_local struct member *members, *told;

static void remember_told(struct member *member) {
  if (member->told) return;
  member->told = true;
  member->next_told = told;
  told = member;
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

bool members_any(void) { return members != NULL; }

void members_add(struct member *member) {
  member->next = members;
  members = member;
}

void members_remove(struct member *member) {
  struct member **link = &members;
  while (*link != member) link = &(*link)->next;
  *link = member->next;
  for (link = &told; *link; link = &(*link)->next_told) {
    if (*link != member) continue;
    *link = member->next_told;
    return;
  }
}

void members_tell(const struct member *except, const uint8_t *event, uint32_t length) {
  for (struct member *member = members; member; member = member->next) {
    if (member != except) tell(member, event, length);
  }
}

void members_cut_stalled(int64_t stall_ms) {
  static _Thread_local int64_t watched_ms;
  int64_t now = clock_ms();
  if (now - watched_ms < WATCH_MS) return;
  watched_ms = now;
  for (struct member *member = members; member; member = member->next) {
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
  for (struct member *member = members; member; member = member->next) cut(member);
}

struct conversation *members_next_told(void) {
  struct member *member = told;
  if (!member) return NULL;
  told = member->next_told;
  member->told = false;
  return member->conversation;
}
