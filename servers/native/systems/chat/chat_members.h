/* The members of a chat that one worker serves, and what they are told out of turn. */
#pragma once

#include <sys/queue.h>

#include "../../services/service.h"

struct member {
  struct conversation *conversation;
  struct name *name;
  int64_t behind_since; /* when it was first seen not to take what it is told; 0: it keeps up */
  bool is_told;         /* it is in the list of those that were told something */
  LIST_ENTRY(member) in_all, in_told;
};

void members_add(struct member *member);
void members_remove(struct member *member);

/* Tells all but one, or all (NULL). */
void members_tell(const struct member *except, const uint8_t *event, uint32_t length);

/* Gives up whoever has not kept up for so long. Looks now and then, however often it is called. */
void members_cut_stalled(int64_t stall_ms);

/* Gives up all. */
void members_cut_all(void);

/* One after another, the conversations of members that were told something since last asked; then NULL. */
struct conversation *members_next_told(void);
